import { describe, expect, test } from "vitest";
import { createPodLosses } from "#watchers/kubernetes/pod-losses.ts";
import { findPodState } from "#watchers/kubernetes/pod-state.ts";
import { aPod } from "./objects.ts";

const AT = Date.parse("2026-11-02T09:00:00Z");
const MINUTE = 60_000;

/** As the API server shows a victim of preemption (Kubernetes 1.31). */
function victim(at: string, over: { reason?: string; status?: string; deletionTimestamp?: string } = {}) {
  const { reason = "PreemptionByScheduler", status = "True", deletionTimestamp } = over;
  const message = "default-scheduler: preempting to accommodate a higher priority pod";
  return findPodState(
    aPod("web-1", {
      meta: deletionTimestamp === undefined ? {} : { deletionTimestamp },
      status: { conditions: [{ type: "DisruptionTarget", status, reason, message, lastTransitionTime: at }] },
    }),
  );
}

describe("pods that were preempted", () => {
  test("are kept until they are gone, and counted once", () => {
    const losses = createPodLosses();
    const marked = victim("2026-11-02T09:00:00Z");
    const going = victim("2026-11-02T09:00:00Z", { deletionTimestamp: "2026-11-02T09:00:30Z" });
    if (!marked || !going) throw new Error("A victim is kept");
    losses.note(marked, undefined);
    losses.note(going, marked);
    const second = victim("2026-11-02T09:04:00Z");
    if (second) losses.note(second, undefined);
    const owner = marked.ownerUid ?? "";
    expect(losses.find([owner, "another"], AT + 5 * MINUTE)).toEqual({ pods: 2, firstAt: AT, lastAt: AT + 4 * MINUTE });
    expect(losses.find([owner], AT + 32 * MINUTE)).toEqual({ pods: 1, firstAt: AT + 4 * MINUTE, lastAt: AT + 4 * MINUTE });
    expect(losses.find([owner], AT + 60 * MINUTE)).toBeUndefined();
    losses.forget(owner);
    expect(losses.find([owner], AT + 5 * MINUTE)).toBeUndefined();
  });

  test.each([
    ["evicted by the API", { reason: "EvictionByEvictionAPI" }],
    ["spared in the end", { status: "False" }],
  ])("are not those %s", (_what, over) => {
    expect(victim("2026-11-02T09:00:00Z", over)?.preemptedAt).toBeUndefined();
  });
});
