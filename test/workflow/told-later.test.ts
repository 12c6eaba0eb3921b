import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { CHANNEL, NINA, OTTO, type Stage } from "#test/bot/bot-app.ts";
import { startTellStage } from "#test/bot/tell-stage.ts";
import { NOON, SECOND, aDiagnosis, aSituation, aStep, anIncident, shopWeb } from "#test/builders.ts";
import type { Store } from "#store/store.ts";
import type { Approval } from "#domain/order.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { createRecordAct } from "#workflow/steps.ts";
import { judgeHelp } from "#analysis/helped.ts";

const intent = { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4_000, toMax: 96 } as const;

describe("the thread", () => {
  let stage: Stage;
  let store: Store;
  let serial = 0;
  let id = "";
  let approval: Approval;

  beforeAll(async () => {
    stage = await startTellStage({ settings: { escalation: [{ kind: "slack", id: OTTO.id }] } });
    store = stage.store;
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    id = `inc-later${++serial}`;
    approval = { incidentId: id, stepId: "cap", by: NINA.id, at: NOON, intent };
    const plan = [aStep({ state: "running", by: NINA.id, at: NOON })];
    await store.openIncident(anIncident({ id, key: `prod/shop/web-${serial}`, diagnosis: aDiagnosis(), plan }));
  });

  const say = () => createAnnounce({ verbs: { ...store, ...stage.bot.slack }, now: () => NOON })(id);
  const announce = async () => {
    await say();
    await stage.quiet();
  };
  const record = () =>
    createRecordAct(
      { ...store, enqueue: async () => {} },
      () => NOON,
    )({
      approval,
      result: { kind: "done", text: "maxReplicas is 96 now, it was 4,000." },
    });
  const replies = (saying: string) =>
    stage.slack
      .messages(CHANNEL)
      .filter(({ threadTs, versions }) => threadTs && JSON.stringify(versions[0]?.metadata ?? {}).includes(`"${id}"`))
      .map(({ versions }) => JSON.stringify(versions[0]))
      .filter((text) => text.includes(saying));

  test("is told of an act that ended while Slack was away: it is on record at once, and told once when Slack is back", async () => {
    await announce();
    const outage = stage.slack.inject({ kind: "server-error", method: "chat.postMessage", afterEffect: false });
    await record();
    await say();
    await vi.waitFor(() => expect(stage.slack.requests.at(-1)).toMatchObject({ method: "chat.postMessage", status: 500 }));

    expect((await store.findIncident(id))?.plan[0]).toMatchObject({ state: "done", by: NINA.id });
    const done = (await store.auditNewest(20)).filter(({ what, incidentId }) => what === "done" && incidentId === id);
    expect(done).toMatchObject([{ by: NINA.id, text: "maxReplicas is 96 now, it was 4,000." }]);
    expect(replies("maxReplicas is 96")).toEqual([]);

    outage[Symbol.dispose]();
    await announce();
    await announce();
    expect(replies("maxReplicas is 96")).toHaveLength(1);
  });

  test("says that something put it back within a minute, how to take it back, and calls who is next in line", async () => {
    await record();
    await announce();
    await store.updateIncident(id, (incident) => {
      const now = aSituation({ ...incident.now, at: NOON + 45 * SECOND, ceiling: 4_000 });
      const [cap] = incident.plan;
      const helped = cap && judgeHelp(cap, { ...incident, now }, now.at);
      return { ...incident, now, plan: cap && helped ? [{ ...cap, helped }] : [] };
    });
    await announce();
    await announce();

    const told = replies("put it back");
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("Cap has not helped. The ceiling is 4,000 again.");
    expect(told[0]).toContain("To take it back");
    expect(told[0]).toContain(`<@${OTTO.id}>`);
  });
});
