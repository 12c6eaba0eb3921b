import type {
  KubeControllerRevision,
  KubeDaemonSet,
  KubeDeployment,
  KubeHpa,
  KubeNode,
  KubePod,
  KubeReplicaSet,
  KubeStatefulSet,
} from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import type { Reflector } from "#clients/kubernetes/reflector.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import type { NodeState } from "#domain/workload.ts";
import { findScalerState } from "./autoscaler-state.ts";
import { type DeploymentState, toDeploymentState } from "./deployment-state.ts";
import { createModel, type Model } from "./model.ts";
import { startGitopsWatch } from "./watch-gitops.ts";
import { type ConfigWatch, startConfigWatch } from "./watch-config.ts";
import { toNodeState } from "./node-state.ts";
import { createPool } from "./pool.ts";
import { findPodState } from "./pod-state.ts";
import { findControllerRevision, findReplicaSetRevision } from "./revision.ts";
import { type ClusterWatchOptions, reflect } from "./reflect.ts";
import { startAutoscalerStatus, startEvents } from "./watch-events.ts";
import { toDaemonSetState, toStatefulSetState } from "./set-state.ts";

/** The ears of one cluster. */
export interface ClusterWatch extends AsyncDisposable {
  /** Are workloads, their revisions and autoscalers known, so that what is told is complete? */
  synced(): boolean;
}

/** Wall ms in which moves of nodes and pending pods are told as one. */
const POOL_EVERY_MS = 250;

/** Lists without which nothing is complete, a namespace. */
const NEEDED = 6;

/** Watches until it is stopped; then nothing is told any more. */
export function startClusterWatch(options: ClusterWatchOptions): ClusterWatch {
  const { cluster, now } = options;
  const emit = (observation: Observation) => {
    if (observation.kind === "workload-gone") config.usesNothing(observation.key);
    options.emit(gitops.complete(observation));
  };
  const model = createModel({ cluster, now, emit });
  const scopes: readonly (string | undefined)[] = options.namespaces?.length ? options.namespaces : [undefined];
  const config = startConfigWatch(options, scopes);
  const gitops = startGitopsWatch(options);
  const needed: Reflector<unknown>[] = [];
  const synced = () => needed.length === scopes.length * NEEDED && needed.every((reflector) => reflector.synced());
  const onSync = () => {
    if (!synced()) return;
    model.begin();
    config.workloadsKnown();
  };
  for (const scope of scopes) needed.push(...startWorkloads({ ...options, config }, scope, model, onSync));
  const pool = startPool(options, scopes, model);
  const events = [...scopes.flatMap((scope) => startEvents(options, scope)), startAutoscalerStatus(options)];
  return {
    synced,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([pool, config, gitops, ...needed, ...events].map((part) => part[Symbol.asyncDispose]()));
    },
  };
}

/** Workloads are read with what they depend on. */
interface Noting extends ClusterWatchOptions {
  readonly config: ConfigWatch;
}

function startWorkloads(options: Noting, scope: string | undefined, model: Model, onSync: () => void): Reflector<unknown>[] {
  return [
    reflect(options, pathOf("apps/v1", scope, "deployments"), {
      project: options.config.noting<KubeDeployment, DeploymentState>(toDeploymentState),
      onUpsert: model.deployment,
      onRemove: model.deploymentGone,
      onSync,
    }),
    reflect(options, pathOf("apps/v1", scope, "replicasets"), {
      project: (raw: KubeReplicaSet) => findReplicaSetRevision(raw),
      onUpsert: model.revision,
      onRemove: model.revisionGone,
      onSync,
    }),
    ...startSets(options, scope, model, onSync),
    reflect(options, pathOf("autoscaling/v2", scope, "horizontalpodautoscalers"), {
      project: (raw: KubeHpa) => findScalerState(raw),
      onUpsert: model.scaler,
      onRemove: model.scalerGone,
      onSync,
    }),
  ];
}

/** StatefulSets and DaemonSets, with their history. */
function startSets(options: Noting, scope: string | undefined, model: Model, onSync: () => void): Reflector<unknown>[] {
  const telling = { onUpsert: model.deployment, onRemove: model.deploymentGone, onSync };
  return [
    reflect(options, pathOf("apps/v1", scope, "statefulsets"), {
      project: options.config.noting<KubeStatefulSet, DeploymentState>(toStatefulSetState),
      ...telling,
    }),
    reflect(options, pathOf("apps/v1", scope, "daemonsets"), {
      project: options.config.noting<KubeDaemonSet, DeploymentState>(toDaemonSetState),
      ...telling,
    }),
    reflect(options, pathOf("apps/v1", scope, "controllerrevisions"), {
      project: (raw: KubeControllerRevision) => findControllerRevision(raw),
      onUpsert: model.revision,
      onRemove: model.revisionGone,
      onSync,
    }),
  ];
}

function startPool(options: ClusterWatchOptions, scopes: readonly (string | undefined)[], model: Model): AsyncDisposable {
  const ignore = () => {};
  const pool = createPool(options);
  const pods = scopes.map((scope) =>
    reflect(options, pathOf("v1", scope, "pods"), {
      // Of a pod that is well nothing is kept.
      fieldSelector: "status.phase!=Succeeded,status.phase!=Failed",
      project: (raw: KubePod) => findPodState(raw),
      onUpsert: model.pod,
      onRemove: model.podGone,
    }),
  );
  const nodes: Reflector<NodeState> = reflect(options, pathOf("v1", undefined, "nodes"), {
    project: (raw: KubeNode) => toNodeState(raw),
    onUpsert: ignore,
    onRemove: ignore,
    // At once, so that every later move of the count is seen as one.
    onSync: () => flush(),
  });
  const flush = () => {
    model.tellPods();
    pool.flush([...nodes.items()], model.pendingPods());
  };
  const timer = setInterval(() => {
    if (nodes.synced()) flush();
  }, POOL_EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await Promise.all([nodes, ...pods].map((reflector) => reflector[Symbol.asyncDispose]()));
    },
  };
}
