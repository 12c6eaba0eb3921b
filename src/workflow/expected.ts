import type { ExpectationPort } from "#domain/ports/store.ts";
import { type Expectation, expectedTimes, isOver } from "#domain/expectation.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";

/** What people expect of a cluster's workloads, as its agent knows it. */
export interface Expected {
  /** Reads what was said, and forgets what is over. */
  readonly refresh: () => Promise<void>;
  /** Up to so many times its normal a workload may grow at a moment without a word. */
  readonly timesOf: (key: WorkloadKey, at: Instant) => number | undefined;
}

/** Knows nothing until the first `refresh`. */
export function createExpected(
  verbs: Pick<ExpectationPort, "expectations" | "forgetExpectation">,
  cluster: string,
  now: () => Instant,
): Expected {
  let known = new Map<WorkloadKey, Expectation>();
  return {
    refresh: async () => {
      const held = await verbs.expectations(cluster);
      const at = now();
      for (const expectation of held) if (isOver(expectation, at)) await verbs.forgetExpectation(cluster, expectation.workload);
      known = new Map(held.map((expectation) => [expectation.workload, expectation]));
    },
    timesOf: (key, at) => expectedTimes(known.get(key), at),
  };
}
