import type { ResourceName } from "./types.ts";

/** What discovery says of a kind of object. */
export interface Resource {
  readonly name: ResourceName;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

function resource(
  name: ResourceName,
  kind: string,
  namespaced: boolean,
  shortNames: readonly string[],
  subresources: readonly string[] = [],
): Resource {
  const parts = name.split("/");
  const [group = "", version = "", plural = ""] = parts.length === 2 ? ["", ...parts] : parts;
  return { name, group, version, plural, singular: kind.toLowerCase(), kind, namespaced, shortNames, subresources };
}

/** Every kind of object that the simulated cluster holds. */
export const resources: readonly Resource[] = [
  resource("v1/namespaces", "Namespace", false, ["ns"], ["status"]),
  resource("v1/nodes", "Node", false, ["no"], ["status"]),
  resource("v1/pods", "Pod", true, ["po"], ["status", "eviction", "binding"]),
  resource("v1/events", "Event", true, ["ev"]),
  resource("v1/configmaps", "ConfigMap", true, ["cm"]),
  resource("v1/resourcequotas", "ResourceQuota", true, ["quota"], ["status"]),
  resource("v1/limitranges", "LimitRange", true, ["limits"]),
  resource("apps/v1/deployments", "Deployment", true, ["deploy"], ["status", "scale"]),
  resource("apps/v1/replicasets", "ReplicaSet", true, ["rs"], ["status", "scale"]),
  resource("apps/v1/statefulsets", "StatefulSet", true, ["sts"], ["status"]),
  resource("apps/v1/daemonsets", "DaemonSet", true, ["ds"], ["status"]),
  resource("apps/v1/controllerrevisions", "ControllerRevision", true, []),
  resource("batch/v1/jobs", "Job", true, [], ["status"]),
  resource("batch/v1/cronjobs", "CronJob", true, ["cj"], ["status"]),
  resource("autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscaler", true, ["hpa"], ["status"]),
  resource("policy/v1/poddisruptionbudgets", "PodDisruptionBudget", true, ["pdb"], ["status"]),
  resource("coordination.k8s.io/v1/leases", "Lease", true, []),
  resource("rbac.authorization.k8s.io/v1/clusterroles", "ClusterRole", false, []),
  resource("scheduling.k8s.io/v1/priorityclasses", "PriorityClass", false, ["pc"]),
];

const byName = new Map(resources.map((resource) => [resource.name, resource]));

/** The kind behind a resource name. */
export function resourceOf(name: ResourceName): Resource {
  const found = byName.get(name);
  if (!found) throw new Error(`Cannot find resource "${name}": expected one that the simulated cluster holds`);
  return found;
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: Resource): string {
  return group ? `${group}/${version}` : version;
}

/** As the API server's messages name it: `deployments.apps`, `pods`. */
export function qualifiedName({ plural, group }: Resource): string {
  return group ? `${plural}.${group}` : plural;
}
