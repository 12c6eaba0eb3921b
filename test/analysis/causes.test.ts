import { describe, expect, it } from "vitest";
import type { Diagnosis } from "#domain/diagnosis.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { HOUR, MINUTE, NOON, aConfigEdit, aFile, aLanding, aState, someSignals } from "#test/builders.ts";
import { anInput, chained, dearer, jitter, olderParts, shipped, traffic } from "./stories.ts";

const CLIMB = NOON - 8 * MINUTE;

function titlesOf({ suspects }: Diagnosis): string[] {
  return suspects.map(({ subject }) => {
    if (subject.kind === "landing") return subject.landing.message;
    return subject.kind === "other" ? subject.change.kind : "rollout";
  });
}

describe("a request that got dearer for a day and a half before it climbed", () => {
  const last = shipped("Trim a label", NOON - 3 * HOUR, NOON - 2 * HOUR, 7);
  const changes = [...traffic(CLIMB), ...chained([...olderParts(), last])];
  const since = NOON - 39 * HOUR;
  const days = someSignals({
    from: NOON - 72 * HOUR,
    to: NOON - 10 * MINUTE,
    cost: (at) => 0.01 * jitter(at) * (1 + (0.005 * Math.max(0, at - since)) / HOUR),
    requests: () => 600,
  });

  it("is laid to what was rolled out when that began", () => {
    const diagnosis = diagnose(anInput({ changes, days }));
    expect(titlesOf(diagnosis)[0]).toBe("Log less");
    expect(diagnosis.suspects[0]?.probability).toBeGreaterThan(0.5 - 1e-9);
    expect(diagnosis.suspects[0]?.evidence.find((one) => one.kind === "crept-up")).toMatchObject({ for: true });
    expect(diagnosis.rollout?.revision).toBe(5);
    expect(diagnosis.goodRevision?.revision).toBe(4);
  });

  it("is laid to the last rollout where nobody knows the days before", () => {
    expect(titlesOf(diagnose(anInput({ changes })))[0]).toBe("Trim a label");
  });
});

describe("a workload whose pods were preempted", () => {
  const last = shipped("Trim a label", NOON - 40 * MINUTE, CLIMB - 4 * MINUTE, 7);
  const edit = aConfigEdit({
    at: NOON - 6 * HOUR,
    object: "PriorityClass",
    namespace: undefined,
    name: "nightly",
    keys: ["value"],
  });
  const changes = [...traffic(CLIMB), ...chained([...olderParts(), last]), edit];
  const lost = { pods: 14, firstAt: CLIMB - MINUTE, lastAt: NOON };

  it("is laid to what changed priorities, and nothing is offered to go back to", () => {
    const diagnosis = diagnose(anInput({ changes, workload: aState({ desired: 75, preempted: lost }) }));
    expect(diagnosis.suspects[0]?.subject).toEqual({ kind: "other", change: edit });
    expect(diagnosis.named).toBe(true);
    expect(diagnosis.rollout).toBeUndefined();
    expect(
      diagnosis.suspects.find((one) => titlesOf({ ...diagnosis, suspects: [one] })[0] === "Trim a label")?.probability ?? 0,
    ).toBeLessThan(0.2);
  });

  it("is laid to its own rollout where only a pod or two were, or none", () => {
    for (const preempted of [undefined, { ...lost, pods: 2 }, { ...lost, firstAt: NOON - 3 * HOUR, lastAt: NOON - 2 * HOUR }])
      expect(titlesOf(diagnose(anInput({ changes, workload: aState({ desired: 75, preempted }) })))[0]).toBe("Trim a label");
  });

  it("suspects a landing whose files say which pods go first", () => {
    const landing = aLanding({
      at: NOON - 6 * HOUR,
      message: "Let the nightly job finish in time",
      files: [aFile("infra/nightly/values.yaml", { patch: "@@ -1 +1,2 @@\n+priorityClassName: nightly\n" })],
    });
    const without = changes.filter((change) => change !== edit);
    const diagnosis = diagnose(anInput({ changes: [...without, landing], workload: aState({ desired: 75, preempted: lost }) }));
    expect(
      diagnosis.suspects.find((one) => one.id === landing.id)?.evidence.find((one) => one.kind === "preempted"),
    ).toMatchObject({ for: true });
    expect(diagnosis.rollout).toBeUndefined();
  });
});

describe("evidence", () => {
  it("does not count the service's own name among the words of an alert", () => {
    const last = shipped("web: trim a label", NOON - 40 * MINUTE, CLIMB - 4 * MINUTE, 7);
    const alert = { id: "a", source: "alertmanager" as const, at: NOON, status: "open" as const, message: "shop web is slow" };
    const diagnosis = diagnose(
      anInput({ changes: chained([...olderParts(), last]), alerts: [alert], signals: dearer(CLIMB, 6) }),
    );
    const [first] = diagnosis.suspects;
    expect(first?.evidence.find((one) => one.kind === "symptom" && one.for)?.text ?? "").not.toContain("web");
  });
});
