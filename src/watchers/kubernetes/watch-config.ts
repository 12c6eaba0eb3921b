import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { type Reflector, startReflector } from "#clients/kubernetes/reflector.ts";
import { workloadKey } from "#domain/workload.ts";
import { createConfigEdits, type ConfigEdits } from "./config-edits.ts";
import { type ConfigKind, type ConfigObject, configKinds, findConfigObject } from "./config-object.ts";
import type { ClusterWatchOptions } from "./reflect.ts";

/** A ConfigMap holds up to 1 MB: few a page, or a page would not fit into memory. */
const OBJECTS_A_PAGE = 50;

/** Ears for what workloads depend on. */
export interface ConfigWatch extends Pick<ConfigEdits, "usesNothing" | "workloadsKnown">, AsyncDisposable {
  /** A projection of workloads that also notes what their templates depend on. */
  readonly noting: <Raw extends Workload, T>(project: (cluster: string, raw: Raw) => T) => (raw: Raw) => T;
}

interface Workload {
  readonly metadata: KubeMeta;
  readonly spec: { readonly template: unknown };
}

/** Watches what workloads depend on. Nothing waits for it: where it may not list, everything else goes on. */
export function startConfigWatch(options: ClusterWatchOptions, scopes: readonly (string | undefined)[]): ConfigWatch {
  const { cluster, now, emit } = options;
  const edits = createConfigEdits({ cluster, now, emit: (change) => emit({ kind: "change", change }) });
  const reflectors = configKinds.flatMap((kind) => startKind(options, kind, kind.namespaced ? scopes : [undefined], edits));
  return {
    noting: (project) => (raw) => {
      const { name, namespace = "default" } = raw.metadata;
      edits.uses(workloadKey({ cluster, namespace, name }), raw.spec.template);
      return project(cluster, raw);
    },
    usesNothing: edits.usesNothing,
    workloadsKnown: edits.workloadsKnown,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(reflectors.map((reflector) => reflector[Symbol.asyncDispose]()));
    },
  };
}

function startKind(
  { connection, log }: ClusterWatchOptions,
  kind: ConfigKind,
  scopes: readonly (string | undefined)[],
  edits: ConfigEdits,
): Reflector<ConfigObject>[] {
  const started: Reflector<ConfigObject>[] = [];
  const onSync = () => {
    if (started.length === scopes.length && started.every((reflector) => reflector.synced()))
      edits.begin(
        kind.object,
        started.flatMap((reflector) => [...reflector.items()]),
      );
  };
  for (const scope of scopes)
    started.push(
      startReflector<{ readonly metadata: KubeMeta } & Readonly<Record<string, unknown>>, ConfigObject>({
        connection,
        log,
        path: pathOf(kind.version, scope, kind.plural),
        pageSize: OBJECTS_A_PAGE,
        project: (raw) => findConfigObject(kind, raw),
        onUpsert: edits.object,
        onRemove: edits.objectGone,
        onSync,
      }),
    );
  return started;
}
