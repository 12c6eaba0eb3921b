import { describe, expect, test } from "vitest";
import { MINUTE, NOON, aDiagnosis, aRollout, aSituation, aSpike, aStep, aSuspect, anIncident } from "#test/builders.ts";
import type { Illness, IllnessKind } from "#domain/illness.ts";
import type { Incident } from "#domain/incident.ts";
import { placeRef } from "#domain/workload.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";
import { textsOf } from "./safe.ts";

const crash = "Revision 12 does not become ready: 5 of 8 pods crash (exit code 1, 14 restarts in 6 minutes).";

function anIllness(kind: IllnessKind, text: string): Illness {
  return { kind, since: NOON - 6 * MINUTE, toldAt: NOON - 4 * MINUTE, value: 5, usual: 0, text };
}

const failing: Partial<Incident> = {
  spike: aSpike({ trouble: "rollout-failing", reason: crash, startedAt: NOON - 6 * MINUTE }),
  illnesses: [anIllness("crash-loop", crash)],
  now: aSituation({ desired: 8, ready: 3, total: 8, updated: 8, revision: 12, ceiling: 40, pendingPods: 0 }),
  plan: [aStep({ kind: "rollback", summary: "From revision 12 to revision 11, the last that ran well." })],
  diagnosis: aDiagnosis({
    suspects: [
      aSuspect({ subject: { kind: "rollout", rollout: aRollout({ revision: 12, at: NOON - 8 * MINUTE }) }, probability: 0.8 }),
    ],
    onsetAt: NOON - 6 * MINUTE,
  }),
};

const card = (over: Partial<Incident>) => renderHeadline(anIncident({ ...over }), NOON);
const read = (over: Partial<Incident>) => textsOf(card(over).blocks).map((text) => text.replace(/<!date[^|]*\|([^>]*)>/g, "$1"));

describe("the headline of", () => {
  test("a rollout that fails says what fails, its numbers, and the way back", () => {
    expect(read(failing)).toEqual([
      "shop/web: revision 12 fails",
      ":red_circle: *Open* since 12:00 UTC · read at 12:00 UTC",
      `*What is going on*\nIt began at 11:54 UTC.\n${crash}`,
      "Ready 3 of 8 · Updated 8 of 8 · Ceiling 40 · Nodes 14 · Latency 70 ms, usually 20 ms",
      expect.stringMatching(/^\*What changed\*\n\*1\. 80 %\* .*\n.*2 min before the trouble$/),
      "12 changes looked at · the evidence for and against is in the thread",
      "*What next*\n:point_right: *1. Roll back* From revision 12 to revision 11, the last that ran well.",
      "Roll back…",
    ]);
    expect(card(failing).text).toContain(`shop/web: revision 12 fails. ${crash}`);
  });

  test("a runaway during it says both", () => {
    const both = read({ illnesses: failing.illnesses ?? [], also: failing.spike ? [failing.spike] : [] });
    expect(both[0]).toBe("shop/web: 75 replicas, usually 30");
    expect(both[2]).toContain(`\n${crash}`);
  });

  test("an autoscaler without metrics says what people can do", () => {
    const reason = "The autoscaler cannot work, so the count stays at 8 whatever the load is (FailedGetResourceMetric).";
    const over = { spike: aSpike({ trouble: "autoscaler-ill", reason }), illnesses: [anIllness("no-metrics", reason)] };
    expect(read(over)[0]).toBe("shop/web: its autoscaler has no metrics");
    expect(read(over).join("\n")).toContain("`kubectl describe hpa` says what is missing");
  });

  test("demand above a ceiling says both counts", () => {
    const over = {
      spike: aSpike({ trouble: "above-ceiling", reason: "It stands at its autoscaler's ceiling of 40 replicas." }),
      now: aSituation({ desired: 40, ceiling: 40, wanted: 62, atCeiling: true }),
    };
    expect(read(over)[0]).toBe("shop/web: needs more than its ceiling of 40 replicas");
    expect(read(over)).toContainEqual(expect.stringContaining("Ceiling 40, wanted 62"));
  });

  test("a cluster says nodes and pods that wait, and no replicas", () => {
    const reason = "40 pods wait for a node (in the last week's worst hour 2 did); 10 nodes run.";
    const over: Partial<Incident> = {
      workload: placeRef("prod"),
      spike: aSpike({ trouble: "cluster", reason }),
      illnesses: [anIllness("pending-pods", reason)],
      now: aSituation({ desired: 0, nodes: 10, pendingPods: 40 }),
    };
    const said = read(over).join("\n");
    expect(said).toContain("cluster prod: many pods wait for a node");
    expect(said).toContain("Nodes 10, 40 pods pending");
    expect(said).not.toContain("replica");
  });

  test("what is over is short and says what it was", () => {
    const over = read({ ...failing, status: "settled", illnesses: [], settledAt: NOON, recoveredAt: NOON - 5 * MINUTE });
    expect(over[0]).toBe(":white_check_mark: shop/web: its pods are well again");
    expect(over.join("\n")).toContain(`It was:\n${crash}`);
  });
});

test("the list of incidents says each trouble in a line", () => {
  const list = renderIncidentList([anIncident(failing)], NOON, () => undefined);
  expect(textsOf(list.blocks).join("\n")).toContain("revision 12 fails");
});
