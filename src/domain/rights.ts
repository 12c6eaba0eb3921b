import type { ActKind } from "./plan.ts";
import type { Instant } from "./workload.ts";

/** What the agent may do to one workload, as its API server said. */
export interface Rights {
  readonly at: Instant;
  /** By act: what is missing, and how it is given. Completes "it waits for ...". */
  readonly missing: Readonly<Partial<Record<ActKind, string>>>;
}
