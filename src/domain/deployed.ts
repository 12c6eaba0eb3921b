import type { Instant } from "./workload.ts";

/** A deployment as GitHub knows it. */
export interface Deployed {
  /** 40 hex digits */
  readonly sha: string;
  readonly at: Instant;
  readonly environment: string;
  /** Environment, task, description and payload in lower case: whether it names a service. Foreign text. */
  readonly about: string;
}
