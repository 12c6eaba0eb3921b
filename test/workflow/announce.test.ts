import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CHANNEL, type Stage, startStage } from "#test/bot/bot-app.ts";
import { NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import type { Store } from "#store/store.ts";
import { createAnnounce } from "#workflow/announce.ts";

describe("announce", () => {
  let stage: Stage;
  let store: Store;
  let serial = 0;
  let id = "";

  beforeAll(async () => {
    stage = await startStage();
    store = stage.store;
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    id = `inc-announce${++serial}`;
    await store.openIncident(anIncident({ id, key: `prod/shop/web-${serial}`, diagnosis: aDiagnosis(), plan: [aStep()] }));
  });

  const announce = async () => {
    await createAnnounce({ verbs: { ...store, ...stage.bot.slack }, now: () => NOON })(id);
    await stage.quiet();
  };
  const posted = () =>
    stage.slack
      .messages(CHANNEL)
      .filter((message) => JSON.stringify(message.versions.at(-1)?.metadata ?? {}).includes(`"${id}"`));
  const headlines = () => posted().filter((message) => !message.threadTs);

  test("posts one headline, and the evidence and a timeline in its thread, and edits them from then on", async () => {
    await announce();
    await store.updateIncident(id, (incident) => ({ ...incident, now: { ...incident.now, desired: 120 } }));
    await announce();
    expect(posted()).toHaveLength(3);
    expect(headlines()).toHaveLength(1);
    expect(headlines()[0]?.versions).toHaveLength(2);
    expect(JSON.stringify(headlines()[0]?.versions.at(-1)?.blocks)).toContain("120 replicas");
  });

  test("says nothing before there is a diagnosis", async () => {
    await store.updateIncident(id, ({ diagnosis: _left, ...incident }) => incident);
    await announce();
    expect(posted()).toHaveLength(0);
  });

  test("an act is told once in the thread", async () => {
    const done = aStep({ state: "done", by: "U0NINA", at: NOON, outcome: "maxReplicas is 96 now, it was 4,000." });
    await store.updateIncident(id, (incident) => ({ ...incident, plan: [done] }));
    await announce();
    await announce();
    const replies = posted().filter(
      (message) => message.threadTs && JSON.stringify(message.versions[0]).includes("maxReplicas is 96"),
    );
    expect(replies.map((message) => message.versions[0]?.text)).toEqual([expect.stringContaining("<@U0NINA>")]);
  });
});
