import { CHANNEL, NINA, OTTO, type Stage, startStage } from "./bot-app.ts";
import type { Incident } from "#domain/incident.ts";
import { NOON, aDiagnosis, aSuspect, anIncident } from "#test/builders.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findVerdictValue, verdictValue } from "#bot/verdict-value.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { textsOf } from "./safe.ts";

let stage: Stage;
beforeEach(async () => void (stage = await startStage()));
afterEach(() => stage[Symbol.asyncDispose]());

const settled = anIncident({ status: "settled", diagnosis: aDiagnosis() });
const suspectId = settled.diagnosis?.suspects[0]?.id ?? "";

/** Which buttons of verdicts there are, in their order. */
function idsIn(blocks: readonly object[]): string[] {
  return [...JSON.stringify(blocks).matchAll(/"verdict:(\w+)"/g)].map(([, name = ""]) => name);
}

async function press(actionId: string, incident = settled, user = NINA.id): Promise<void> {
  const { ts } = await stage.tell(incident);
  const delivery = await stage.slack.pressButton({ user, message: { channel: CHANNEL, ts }, actionId });
  expect(delivery.status).toBe(200);
}

describe("was that it?", () => {
  test.each([
    ["verdict:right", true],
    ["verdict:wrong", false],
  ])("%s is recorded", async (actionId, right) => {
    await press(actionId);
    await vi.waitFor(() => expect(stage.workflow.judged).toEqual([{ incidentId: settled.id, suspectId, right, user: NINA.id }]));
  });

  test("says who said what, and can be taken back", async () => {
    const judged = { ...settled, said: [{ suspectId, title: "it", right: false, by: NINA.id, at: NOON }] };
    expect(textsOf(renderHeadline(judged, NOON).blocks).join("\n")).toContain(`<@${NINA.id}> said`);
    await press("verdict:undo", judged);
    await vi.waitFor(() => expect(stage.workflow.judged).toEqual([{ incidentId: settled.id, suspectId, user: NINA.id }]));
  });

  test("is asked of each that is named, until one was it", async () => {
    const [first, second] = [aSuspect({ probability: 0.6 }), aSuspect({ probability: 0.3 })];
    const two = { ...settled, diagnosis: aDiagnosis({ suspects: [first, second] }) };
    const { ts } = await stage.tell(two);
    const value = verdictValue(two.id, second.id);
    await stage.slack.pressButton({ user: NINA.id, message: { channel: CHANNEL, ts }, actionId: "verdict:right", value });
    await vi.waitFor(() => expect(stage.workflow.judged).toMatchObject([{ suspectId: second.id, right: true }]));

    const said = (suspectId: string, right: boolean) => [{ suspectId, title: "it", right, by: NINA.id, at: NOON }];
    const buttons = (over: Partial<Incident>) => idsIn(renderHeadline({ ...two, ...over }, NOON).blocks);
    expect(buttons({})).toEqual(["right", "wrong", "right", "wrong"]);
    expect(buttons({ said: said(first.id, false) })).toEqual(["undo", "right", "wrong"]);
    expect(buttons({ said: said(second.id, true) })).toEqual(["undo"]);
    expect(
      buttons({ said: [...said(second.id, true), { suspectId: second.id, title: "it", by: NINA.id, at: NOON + 1 }] }),
    ).toHaveLength(4);
  });

  test("said of one that is no longer named, it can be taken back", () => {
    const said = [{ suspectId: "gone", title: "<!channel> it", right: true, by: NINA.id, at: NOON }];
    const { blocks } = renderHeadline({ ...settled, said }, NOON);
    expect(idsIn(blocks)).toEqual(["undo"]);
    expect(textsOf(blocks).join("\n")).toContain("&lt;!channel&gt; it");
  });

  test("is not for everybody", async () => {
    await press("verdict:right", settled, OTTO.id);
    await press("verdict:right");
    await vi.waitFor(() => expect(stage.workflow.judged).toHaveLength(1));
    expect(stage.workflow.judged).toEqual([{ incidentId: settled.id, suspectId, right: true, user: NINA.id }]);
  });

  test("is not asked while it is open, nor where nobody is named", () => {
    const texts = (incident: typeof settled) => JSON.stringify(renderHeadline(incident, NOON).blocks);
    expect(texts(settled)).toContain("verdict:right");
    expect(texts({ ...settled, status: "open" })).not.toContain("verdict:");
    expect(texts({ ...settled, diagnosis: aDiagnosis({ named: false }) })).not.toContain("verdict:");
  });

  test("carries ids that Slack can hold", () => {
    expect(findVerdictValue(verdictValue("incident", "suspect"))).toEqual({ incident: "incident", suspect: "suspect" });
    expect(verdictValue("i".repeat(1_000), "s")).toBeUndefined();
    expect(findVerdictValue("not json")).toBeUndefined();
  });
});
