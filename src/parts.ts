import type { GitHubPort, PrometheusPort, RepositoryPort } from "#domain/ports/cluster.ts";
import type { Clock } from "#lib/clock.ts";
import type { Enqueue } from "#workflow/jobs.ts";
import type { Environment } from "#app/config/environment.ts";
import type { FileConfiguration } from "#app/config/file.ts";
import type { Log } from "#lib/log.ts";
import type { Queues } from "#store/queues.ts";
import type { ReadImageCommit } from "#watchers/registry/read.ts";
import type { StepKeys } from "#app/keys.ts";
import type { OnCallPort, OwnersPort } from "#domain/ports/told.ts";
import type { Policy } from "#domain/policy.ts";
import type { Store } from "#store/store.ts";

/** What every role is given. */
export interface Parts {
  readonly environment: Environment;
  readonly file: FileConfiguration;
  readonly clock: Clock;
  readonly log: Log;
  readonly keys: StepKeys;
  readonly policy: Policy;
  readonly store: Store;
  readonly queues: Queues;
  readonly enqueue: Enqueue;
  readonly prometheus: PrometheusPort & Ready;
  readonly github: GitHubPort & RepositoryPort & OwnersPort;
  /** Schedules of who is on call. */
  readonly onCall: OnCallPort;
  /** Which commit an image says it was built from, in its registry. */
  readonly imageCommit: ReadImageCommit;
}

export interface Ready {
  /** Undefined when all is well, else a sentence that says who is away. */
  readonly ready: () => Promise<string | undefined>;
}

/** A role: runs until it is disposed of. */
export type Role = AsyncDisposable & Ready;
