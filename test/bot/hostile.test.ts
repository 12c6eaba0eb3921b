import { afterEach, describe, expect, test, vi } from "vitest";
import { CHANNEL, type Looking, NINA, shownOf, soon, startLooking } from "./looking.ts";
import { DAY, HOUR, MINUTE, NOON, aConfigEdit, aLanding, aNode, aPool, aReport, aRollout, aScaling, aState, anAlert, anAutoscalerEdit } from "#test/builders.ts"; // prettier-ignore
import { commands } from "#bot/commands/table.ts";
import { nasty, nastyIncident, randomFrom } from "./nasty.ts";
import { workloadKey } from "#domain/workload.ts";
import { silentLog } from "#lib/log.ts";

let looking: Looking;
let errors: string[];
afterEach(() => looking[Symbol.asyncDispose]());

/** A workspace in which every foreign string is nasty. What Slack refused was said plainly instead, and logged: that is an error here. */
async function start(seed: number): Promise<() => string> {
  const random = randomFrom(seed);
  const text = () => nasty(random, 12);
  errors = [];
  const log = {
    ...silentLog,
    error: (fields: object, message: string) => void errors.push(`${message} ${JSON.stringify(fields)}`),
  };
  looking = await startLooking({ log });
  const { store } = looking;
  const places = Array.from({ length: 12 }, (_, index) => ({
    cluster: "prod",
    namespace: index % 2 ? text().replaceAll("/", "") || "n" : "n".repeat(63),
    name: index % 3 ? `web${text().replaceAll("/", "")}` : `web-${"w".repeat(249)}`,
    kind: "Deployment" as const,
  }));
  await store.saveWorkloads("prod", places.map((workload) => aState({ workload }))); // prettier-ignore
  const keys = places.map(workloadKey);
  const at = (index: number) => NOON - (index % 110) * MINUTE;
  await store.addChanges(
    Array.from({ length: 300 }, (_, index) => {
      const workload = keys[index % keys.length] ?? "";
      const id = `${index}`;
      const by = text();
      return (
        [
          aLanding({
            id,
            at: at(index),
            message: text(),
            author: { name: by },
            repository: `acme/${index % 9}${text()}`,
            url: text(),
          }),
          aRollout({ id, at: at(index), workload, images: [{ container: text(), image: text() }] }),
          aScaling({ id, at: at(index), workload, tool: text() }),
          anAutoscalerEdit({ id, at: at(index), workload, tool: text() }),
          aConfigEdit({
            id,
            at: at(index),
            namespace: text(),
            name: text(),
            keys: [text(), text()],
            usedBy: [workload],
            tool: text(),
          }),
          aReport({ id, at: at(index), title: text() || "x", by, url: `https://a.example/${text()}`, workloads: [workload] }),
        ][index % 6] ?? aRollout()
      );
    }),
  );
  for (const [index, { namespace, name }] of places.entries()) {
    await store.addAlert(anAlert({ id: `a/${index}`, at: at(index), message: text(), namespace, workload: name }));
    await store.audit({ at: at(index), what: "done", by: text(), incidentId: "x", stepId: text() || "-", on: keys[index] ?? "", text: text() }); // prettier-ignore
    if (index < 4) await store.openIncident({ ...nastyIncident(random, 12), id: `inc-${index}`, key: keys[index] ?? "", workload: places[index] ?? places[0]! }); // prettier-ignore
  }
  await store.openIncident({ ...nastyIncident(random, 12), id: "inc-over", key: "prod/x/y", openedAt: NOON - DAY });
  await store.updateIncident("inc-over", (one) => ({ ...one, status: "settled", settledAt: NOON - HOUR }));
  await store.savePool(aPool({ nodes: [aNode({ name: text() })] }));
  return text;
}

describe.each([1, 2, 3])("on hostile names and texts, seed %i", (seed) => {
  test("every command answers with what Slack takes and what calls nobody; shared and in a thread too", async () => {
    const text = await start(seed);
    const words = commands.flatMap((command) => command.words).filter((word) => word !== "stop" && word !== "go");
    const typed = ["", "help", "web", "timeline web", "timeline web-w 3d", "changes 3d", "plan inc-0", "incidents all"];
    for (const ask of [...typed, ...words, ...words.map((word) => `${word} ${text()}`), text(), "x".repeat(3_000)]) {
      const shown = await looking.ask(ask);
      if (!JSON.stringify(shown.message.versions).includes('"share"')) continue;
      await looking.press(shown, "share");
      await vi.waitFor(() => expect(messagesOf().filter(({ ts }) => ts === shown.message.ts)).toEqual([]), soon);
    }
    expect(errors).toEqual([]);
    for (const message of messagesOf()) shownOf(message);
  });

  test("and said in words, by a mention", async () => {
    const text = await start(seed + 100);
    const { slack } = looking.stage;
    for (const said of [
      "why web",
      "plan",
      "what changed?",
      `why ${text()}`,
      text(),
      `what happened to ${text()} since ${text()}`,
    ]) {
      const { message } = await slack.say({ user: NINA.id, channel: CHANNEL, text: `<@${slack.botUser}> ${said}` });
      const isReply = ({ threadTs, ts }: typeof message) => threadTs === message.ts && ts !== message.ts;
      await vi.waitFor(() => expect(messagesOf().some(isReply)).toBe(true), soon);
      for (const reply of messagesOf().filter(isReply)) shownOf(reply);
    }
    expect(errors).toEqual([]);
  });
});

function messagesOf() {
  return looking.stage.slack.messages(CHANNEL);
}
