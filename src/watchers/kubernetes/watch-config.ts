import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { type Reflector, startReflector } from "#clients/kubernetes/reflector.ts";
import { workloadKey } from "#domain/workload.ts";
import { createConfigEdits, type ConfigEdits } from "./config-edits.ts";
import { type ConfigKind, type ConfigObject, configKinds, findConfigObject, type RawConfig } from "./config-object.ts";
import { untilListable } from "./until-listable.ts";
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
  const stop = new AbortController();
  const started = configKinds.map((kind) => startKind(options, kind, kind.namespaced ? scopes : [undefined], edits, stop.signal));
  return {
    noting: (project) => (raw) => {
      const { name, namespace = "default" } = raw.metadata;
      edits.uses(workloadKey({ cluster, namespace, name }), raw.spec.template);
      return project(cluster, raw);
    },
    usesNothing: edits.usesNothing,
    workloadsKnown: edits.workloadsKnown,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      const reflectors = (await Promise.all(started)).flat();
      await Promise.all(reflectors.map((reflector) => reflector[Symbol.asyncDispose]()));
    },
  };
}

/** In every place, or in none: an edit is told once the kind is known completely. */
async function startKind(
  { connection, log }: ClusterWatchOptions,
  kind: ConfigKind,
  scopes: readonly (string | undefined)[],
  edits: ConfigEdits,
  signal: AbortSignal,
): Promise<Reflector<ConfigObject>[]> {
  const paths = scopes.map((scope) => pathOf(kind.version, scope, kind.plural));
  const may = await Promise.all(paths.map((path) => untilListable({ connection, log }, path, signal)));
  if (!may.every(Boolean)) return [];
  const started: Reflector<ConfigObject>[] = [];
  const held = () => started.flatMap((reflector) => [...reflector.items()]);
  const onSync = () => {
    if (started.length === paths.length && started.every((reflector) => reflector.synced())) edits.begin(kind.object, held());
  };
  const project = (raw: RawConfig) => findConfigObject(kind, raw);
  const telling = { onUpsert: edits.object, onRemove: edits.objectGone, onSync };
  for (const path of paths)
    started.push(
      startReflector<RawConfig, ConfigObject>({ connection, log, path, pageSize: OBJECTS_A_PAGE, project, ...telling }),
    );
  return started;
}
