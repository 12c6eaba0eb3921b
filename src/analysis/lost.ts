import type { Instant } from "#domain/workload.ts";
import type { Step } from "#domain/plan.ts";

/** So long the answer to an act may take: an agent does not begin one later than half an hour after its approval, nor go on for longer than an hour or so. */
export const ANSWER_MS = 2 * 60 * 60_000;

/** The agent that should have answered is gone for good, or has another name now: the step ends. Others are as they were. */
export function withoutLost(step: Step, now: Instant): Step {
  const { kind, state, at } = step;
  const isLost = kind !== "verify" && state === "running" && at !== undefined && now - at > ANSWER_MS;
  return isLost ? { ...step, state: "failed", outcome: "No answer came within two hours." } : step;
}
