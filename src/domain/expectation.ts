import type { Instant, WorkloadKey } from "./workload.ts";

/** Somebody said that a workload will grow: until then detection is silent up to so many times its normal. */
export interface Expectation {
  readonly workload: WorkloadKey;
  /** A factor of its normal. */
  readonly times: number;
  readonly at: Instant;
  readonly until: Instant;
  /** Slack user id. */
  readonly by: string;
}

/** An autoscaler keeps what it has for five minutes and gives back in steps (its stabilisation window): not a climb of its own. */
const GIVING_BACK_MS = 15 * 60_000;

/** The factor that is expected at a moment, if any: until the end, and while the count is given back. */
export function expectedTimes(expectation: Expectation | undefined, at: Instant): number | undefined {
  return expectation && at >= expectation.at && !isOver(expectation, at) ? expectation.times : undefined;
}

/** Does it say nothing any more? */
export function isOver({ until }: Expectation, at: Instant): boolean {
  return at > until + GIVING_BACK_MS;
}
