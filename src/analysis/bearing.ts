import type { AutoscalerEdit, Change, ConfigEdit, ReportedChange, Scaling } from "#domain/change.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { WorkloadKey } from "#domain/workload.ts";

/**
 * How near a change is to the workload:
 * - `own`: of this workload, an object that it uses, or reported as being about it or its code.
 * - `place`: of its namespace or its repository, as far as is known not of somebody else.
 * - `cluster`: of the whole cluster, or it says of nothing what it is about.
 * - `elsewhere`: another workload's; weak, but a dependency may have done it.
 */
export type Bearing = "own" | "place" | "cluster" | "elsewhere";

/** Whom changes are looked at for. */
export interface About {
  readonly workload: WorkloadKey;
  readonly ownership: Ownership;
}

/** Our field manager: what we did ourselves is never a suspect. */
const US = "k8s-why";
/** Namespaces whose objects serve the whole cluster: DNS, proxies. */
const SYSTEM = new Set(["kube-system", "kube-public", "istio-system"]);

/** How near a change is that is neither a landing nor a rollout of the workload; undefined: it cannot have done it. */
export function bearingOf(change: Exclude<Change, { kind: "landing" }>, about: About): Bearing | undefined {
  switch (change.kind) {
    case "rollout":
      return sameCluster(change.workload, about) ? (change.workload === about.workload ? "own" : "elsewhere") : undefined;
    case "scaling":
    case "autoscaler-edit":
      return ofWorkload(change, about);
    case "pool-change":
      return change.cluster === clusterOf(about.workload) ? "cluster" : undefined;
    case "config-edit":
      return ofConfig(change, about);
    case "reported":
      return ofReported(change, about);
  }
}

function ofWorkload({ workload, tool }: Scaling | AutoscalerEdit, about: About): Bearing | undefined {
  if (tool === US || !sameCluster(workload, about)) return undefined;
  return workload === about.workload ? "own" : "elsewhere";
}

function ofConfig({ cluster, namespace, usedBy, tool }: ConfigEdit, about: About): Bearing | undefined {
  if (tool === US || cluster !== clusterOf(about.workload)) return undefined;
  if (usedBy.includes(about.workload)) return "own";
  if (namespace === undefined || SYSTEM.has(namespace)) return "cluster";
  return usedBy.length === 0 && namespace === namespaceOf(about.workload) ? "place" : "elsewhere";
}

function ofReported({ workloads, repository, paths }: ReportedChange, { workload, ownership }: About): Bearing {
  if (workloads.length > 0) return workloads.includes(workload) ? "own" : "elsewhere";
  return repository === undefined && paths.length === 0 ? "cluster" : ofCode({ repository, paths }, ownership);
}

function ofCode({ repository, paths }: Pick<ReportedChange, "repository" | "paths">, ownership: Ownership): Bearing {
  if (repository !== undefined && ownership.repository !== undefined && repository !== ownership.repository) return "elsewhere";
  if (paths.length === 0 || ownership.paths.length === 0) return "place";
  return paths.some((path) => ownership.paths.some((own) => overlaps(path, own))) ? "own" : "elsewhere";
}

/** One is the other, or lies in it. Directories of the owner end in a slash. */
function overlaps(path: string, own: string): boolean {
  const directory = path.endsWith("/") ? path : `${path}/`;
  return directory.startsWith(own) || own.startsWith(directory);
}

function sameCluster(workload: WorkloadKey, about: About): boolean {
  return clusterOf(workload) === clusterOf(about.workload);
}

function clusterOf(key: WorkloadKey): string {
  return key.split("/", 1)[0] ?? "";
}

function namespaceOf(key: WorkloadKey): string {
  return key.split("/", 2)[1] ?? "";
}
