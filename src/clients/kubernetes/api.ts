import { JSON_PATCH, expectKube, findKube } from "./answer.ts";
import type { KubeConnection, KubeRequest } from "./connection.ts";
import { listAll } from "./list.ts";
import { pathOf } from "./path.ts";
import type { KubeConfigMap, KubeDeployment, KubeHpa, KubeLease, KubeNode, KubePdb, KubePod, KubeReplicaSet } from "./objects.ts";

/** RFC 6902. A failed `test` is a StaleError. */
export type JsonPatchOperation =
  | { readonly op: "test" | "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** The patch type is always named: the server's default is nobody's guess. */
export type Patch =
  | { readonly type: "json"; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: "merge"; readonly body: object };

export interface WriteOptions {
  /** The server checks and answers, and stores nothing. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

/** Reads one Deployment, or undefined. */
export function readDeployment(connection: KubeConnection, namespace: string, name: string): Promise<KubeDeployment | undefined> {
  return findKube(connection, { path: pathOf("apps/v1", namespace, "deployments", name) });
}

/** Writes to a Deployment and returns it as it is (or, in a dry run, would be) afterwards. */
export function patchDeployment(
  connection: KubeConnection,
  namespace: string,
  name: string,
  patch: Patch,
  options: WriteOptions = {},
): Promise<KubeDeployment> {
  return expectKube(connection, toPatchRequest(pathOf("apps/v1", namespace, "deployments", name), patch, options));
}

/** All ReplicaSets that match a label selector (`a=b,c in (d,e)`). */
export function listReplicaSets(connection: KubeConnection, namespace: string, labelSelector: string): Promise<KubeReplicaSet[]> {
  return listAll(connection, pathOf("apps/v1", namespace, "replicasets"), { labelSelector });
}

/** Reads one HorizontalPodAutoscaler (autoscaling/v2), or undefined. */
export function readHpa(connection: KubeConnection, namespace: string, name: string): Promise<KubeHpa | undefined> {
  return findKube(connection, { path: pathOf("autoscaling/v2", namespace, "horizontalpodautoscalers", name) });
}

/** All HorizontalPodAutoscalers of a namespace. */
export function listHpas(connection: KubeConnection, namespace: string): Promise<KubeHpa[]> {
  return listAll(connection, pathOf("autoscaling/v2", namespace, "horizontalpodautoscalers"));
}

/** Writes to a HorizontalPodAutoscaler. */
export function patchHpa(
  connection: KubeConnection,
  namespace: string,
  name: string,
  patch: Patch,
  options: WriteOptions = {},
): Promise<KubeHpa> {
  return expectKube(
    connection,
    toPatchRequest(pathOf("autoscaling/v2", namespace, "horizontalpodautoscalers", name), patch, options),
  );
}

/** All Nodes, or those that match a field selector. */
export function listNodes(connection: KubeConnection, fieldSelector?: string): Promise<KubeNode[]> {
  return listAll(connection, pathOf("v1", undefined, "nodes"), { fieldSelector });
}

/** Writes to a Node (cordon: `spec.unschedulable`). */
export function patchNode(connection: KubeConnection, name: string, patch: Patch, options: WriteOptions = {}): Promise<KubeNode> {
  return expectKube(connection, toPatchRequest(pathOf("v1", undefined, "nodes", name), patch, options));
}

/** Pods of a namespace (all namespaces without one) that match a label selector. */
export function listPods(connection: KubeConnection, namespace: string | undefined, labelSelector?: string): Promise<KubePod[]> {
  return listAll(connection, pathOf("v1", namespace, "pods"), { labelSelector });
}

/** Pods bound to a node, of all namespaces. */
export function listPodsOnNode(connection: KubeConnection, node: string): Promise<KubePod[]> {
  return listAll(connection, pathOf("v1", undefined, "pods"), { fieldSelector: `spec.nodeName=${node}` });
}

/** PodDisruptionBudgets of a namespace, or of all. */
export function listPdbs(connection: KubeConnection, namespace?: string): Promise<KubePdb[]> {
  return listAll(connection, pathOf("policy/v1", namespace, "poddisruptionbudgets"));
}

/** What somebody wants to do. `group` is empty for core resources. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** May we? (SelfSubjectAccessReview: about the agent's service account.) */
export async function accessReview(
  connection: KubeConnection,
  access: Access,
): Promise<{ readonly allowed: boolean; readonly reason: string }> {
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: access } };
  const path = pathOf("authorization.k8s.io/v1", undefined, "selfsubjectaccessreviews");
  const review = await expectKube<{ status?: { allowed?: boolean; reason?: string } }>(connection, {
    method: "POST",
    path,
    body,
  });
  return { allowed: review.status?.allowed === true, reason: review.status?.reason ?? "" };
}

/** May that person? (SubjectAccessReview.) */
export async function personAccessReview(
  connection: KubeConnection,
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
  access: Access,
): Promise<{ readonly allowed: boolean }> {
  const spec = { user, groups, resourceAttributes: access };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
  const path = pathOf("authorization.k8s.io/v1", undefined, "subjectaccessreviews");
  const review = await expectKube<{ status?: { allowed?: boolean } }>(connection, { method: "POST", path, body });
  return { allowed: review.status?.allowed === true };
}

/** Reads one ConfigMap, or undefined. */
export function readConfigMap(connection: KubeConnection, namespace: string, name: string): Promise<KubeConfigMap | undefined> {
  return findKube(connection, { path: pathOf("v1", namespace, "configmaps", name) });
}

/** Writes into a ConfigMap; with a resourceVersion in it, only while it is at that one (else StaleError). */
export function patchConfigMap(
  connection: KubeConnection,
  namespace: string,
  name: string,
  body: object,
  options: WriteOptions = {},
): Promise<KubeConfigMap> {
  return expectKube(connection, toPatchRequest(pathOf("v1", namespace, "configmaps", name), { type: "merge", body }, options));
}

/** Reads one Lease, or undefined. */
export function readLease(connection: KubeConnection, namespace: string, name: string): Promise<KubeLease | undefined> {
  return findKube(connection, { path: pathOf("coordination.k8s.io/v1", namespace, "leases", name) });
}

/** Creates a Lease; StaleError when somebody else did. */
export function createLease(connection: KubeConnection, namespace: string, lease: KubeLease): Promise<KubeLease> {
  return expectKube(connection, {
    method: "POST",
    path: pathOf("coordination.k8s.io/v1", namespace, "leases"),
    body: withKind(lease),
  });
}

/** Replaces a Lease at the resourceVersion in it; StaleError when it moved. */
export function replaceLease(connection: KubeConnection, namespace: string, lease: KubeLease): Promise<KubeLease> {
  const path = pathOf("coordination.k8s.io/v1", namespace, "leases", lease.metadata.name);
  return expectKube(connection, { method: "PUT", path, body: withKind(lease) });
}

function withKind(lease: KubeLease): KubeLease {
  return { ...lease, apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
}

/** A PATCH of an object, with its type named. */
export function toPatchRequest(path: string, patch: Patch, options: WriteOptions): KubeRequest {
  const query = { dryRun: options.dryRun ? "All" : undefined, fieldManager: options.fieldManager };
  const body = patch.type === "json" ? patch.operations : patch.body;
  return { method: "PATCH", path, query, body, contentType: patch.type === "json" ? JSON_PATCH : "application/merge-patch+json" };
}
