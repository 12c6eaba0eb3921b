import { expectKube, findKube } from "./answer.ts";
import { type Patch, type WriteOptions, toPatchRequest } from "./api.ts";
import type { KubeConnection } from "./connection.ts";
import { listAll } from "./list.ts";
import type { KubeControllerRevision, KubeWorkload } from "./objects.ts";
import { pathOf } from "./path.ts";

const plurals = { Deployment: "deployments", StatefulSet: "statefulsets", DaemonSet: "daemonsets" } as const;

/** Which object: of apps/v1. */
interface Named {
  readonly kind: keyof typeof plurals;
  readonly namespace: string;
  readonly name: string;
}

/** Reads one Deployment, StatefulSet or DaemonSet, or undefined. */
export function readWorkload(connection: KubeConnection, named: Named): Promise<KubeWorkload | undefined> {
  return findKube(connection, { path: pathOfWorkload(named) });
}

/** Writes to it and returns it as it is (or, in a dry run, would be) afterwards. */
export function patchWorkload(
  connection: KubeConnection,
  named: Named,
  patch: Patch,
  options: WriteOptions = {},
): Promise<KubeWorkload> {
  return expectKube(connection, toPatchRequest(pathOfWorkload(named), patch, options));
}

/** The revisions of StatefulSets and DaemonSets that match a label selector. */
export function listControllerRevisions(
  connection: KubeConnection,
  namespace: string,
  labelSelector: string,
): Promise<KubeControllerRevision[]> {
  return listAll(connection, pathOf("apps/v1", namespace, "controllerrevisions"), { labelSelector });
}

function pathOfWorkload({ kind, namespace, name }: Named): string {
  return pathOf("apps/v1", namespace, plurals[kind], name);
}
