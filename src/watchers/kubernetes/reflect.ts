import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { type Reflector, type ReflectorOptions, startReflector } from "#clients/kubernetes/reflector.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import type { Instant } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";

/** What a watch of a cluster needs. */
export interface ClusterWatchOptions {
  readonly connection: KubeConnection;
  readonly cluster: string;
  /** Empty or absent: all. */
  readonly namespaces?: readonly string[];
  readonly now: () => Instant;
  readonly log: Log;
  /** Called in order; must not throw. */
  readonly emit: (observation: Observation) => void;
}

type Watched<Raw extends { readonly metadata: KubeMeta }, T> = Pick<
  ReflectorOptions<Raw, T>,
  "project" | "onUpsert" | "onRemove" | "onSync" | "fieldSelector"
>;

/** Watches one resource of the cluster. */
export function reflect<Raw extends { readonly metadata: KubeMeta }, T>(
  { connection, log }: ClusterWatchOptions,
  path: string,
  watched: Watched<Raw, T>,
): Reflector<T> {
  return startReflector<Raw, T>({ connection, path, log, ...watched });
}
