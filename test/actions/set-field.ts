import { isDeepStrictEqual } from "node:util";
import { expectKube } from "#clients/kubernetes/answer.ts";
import type { WorkloadKind } from "#domain/workload.ts";
import { type Field, type Live } from "#test/actions/harness.ts";

/** A kind of workload whose history is ControllerRevisions. */
export type SetKind = Exclude<WorkloadKind, "Deployment">;

/** Where they live. */
export const plurals = { StatefulSet: "apps/v1/statefulsets", DaemonSet: "apps/v1/daemonsets" } as const;

/**
 * One turn of the controller of set `web`, where the cluster has none: keeps the template of now as the newest ControllerRevision, in the
 * form of the real ones, and says that all pods run it.
 */
export async function playController(field: Field, kind: SetKind): Promise<void> {
  if (field.real) return;
  const set = await field.read(plurals[kind], "web");
  const kept = await keepRevision(field, kind, set);
  const pods = kind === "StatefulSet" ? set.spec.replicas : 2;
  const counts =
    kind === "StatefulSet"
      ? { replicas: pods, readyReplicas: pods, updatedReplicas: pods, updateRevision: kept }
      : { desiredNumberScheduled: pods, numberReady: pods, updatedNumberScheduled: pods };
  const path = `/apis/${plurals[kind].replace("v1/", `v1/namespaces/${field.namespace}/`)}/web/status`;
  const body = { status: { observedGeneration: set.metadata.generation, ...counts } };
  await expectKube(field.connection, { method: "PATCH", path, body, contentType: "application/merge-patch+json" });
}

/** A template that is used again gets a new number, not a new revision. */
async function keepRevision(field: Field, kind: SetKind, { metadata, spec }: Live): Promise<string> {
  const all = await expectKube<Live>(field.connection, { path: revisionsOf(field) });
  const data = { spec: { template: { ...spec.template, $patch: "replace" } } };
  const numbers: number[] = all.items.map(({ revision }: Live) => revision);
  const next = Math.max(0, ...numbers) + 1;
  const known = all.items.find((one: Live) => isDeepStrictEqual(one.data, data));
  if (known?.revision === next - 1) return known.metadata.name;
  if (known) await field.merge("apps/v1/controllerrevisions", known.metadata.name, { revision: next });
  if (known) return known.metadata.name;
  const hash = `hash${next}`;
  const owner = { apiVersion: "apps/v1", kind, name: "web", uid: metadata.uid, controller: true };
  const labels = { app: "web", ...(kind === "DaemonSet" && { "controller-revision-hash": hash }) };
  const name = `web-${hash}`;
  await field.create("apps/v1/controllerrevisions", {
    metadata: { name, labels, ownerReferences: [owner] },
    data,
    revision: next,
  });
  return name;
}

function revisionsOf({ namespace }: Field): string {
  return `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;
}

/** Pod `web-2` of the StatefulSet's template of now, which does not get ready. */
export async function playBrokenPod(field: Field): Promise<void> {
  if (field.real) return;
  const { metadata, spec, status } = await field.read(plurals.StatefulSet, "web");
  const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "web", uid: metadata.uid, controller: true };
  const labels = { app: "web", "controller-revision-hash": status.updateRevision };
  const { annotations } = spec.template.metadata;
  await field.create("v1/pods", {
    metadata: { name: "web-2", labels, annotations, ownerReferences: [owner] },
    spec: spec.template.spec,
  });
}
