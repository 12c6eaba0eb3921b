import type { Step, StepKind } from "#domain/plan.ts";

/** What of a workload a step sets. A restart keeps the template that it finds. */
const sets: Partial<Readonly<Record<StepKind, string>>> = {
  cap: "ceiling",
  lower: "ceiling",
  restore: "ceiling",
  rollback: "template",
  scale: "count",
  pause: "rollout",
  resume: "rollout",
};

/** Whether a later step of ours set, or is just setting, the same thing: what stands there now says nothing of this step any more. */
export function isSuperseded({ id, kind, at = 0 }: Step, plan: readonly Step[]): boolean {
  const thing = sets[kind];
  if (thing === undefined) return false;
  return plan.some((later) => later.id !== id && sets[later.kind] === thing && (later.at ?? 0) > at && hasActed(later));
}

function hasActed({ state, did }: Step): boolean {
  return did !== undefined || state === "running";
}
