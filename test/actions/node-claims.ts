import { expectKube, findKube } from "#clients/kubernetes/answer.ts";
import { listPodsOnNode } from "#clients/kubernetes/api.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { evictPod } from "#clients/kubernetes/eviction.ts";
import type { Door, DoorCall } from "./door.ts";
import { expect, vi } from "vitest";
import { type Live } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";
import { isDaemon } from "./yard.ts";

const claims = "/apis/karpenter.sh/v1/nodeclaims";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "nodeclaims.karpenter.sh" },
  spec: {
    group: "karpenter.sh",
    scope: "Cluster",
    names: { plural: "nodeclaims", singular: "nodeclaim", kind: "NodeClaim", listKind: "NodeClaimList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        subresources: { status: {} },
      },
    ],
  },
};

/**
 * A minimal NodeClaim, not Karpenter's own, on the API server of a kubeconfig, and waits until that serves it; returns how to take it back,
 * where it was not there before.
 */
export async function defineNodeClaims(kubeconfigPath: string): Promise<() => Promise<void>> {
  await using connection = createKubeConnection({ kubeconfigPath });
  const path = `${definitions}/${definition.metadata.name}`;
  const find = () => findKube<Live>(connection, { path });
  // One that another run takes back is still there for a moment.
  await vi.waitUntil(async () => (await find())?.metadata.deletionTimestamp === undefined, patient);
  if (await find()) return async () => {};
  await expectKube(connection, { method: "POST", path: definitions, body: definition });
  await vi.waitFor(async () => expect(await findKube(connection, { path: claims })).toBeDefined(), patient);
  return async () => {
    await using connection = createKubeConnection({ kubeconfigPath });
    await findKube(connection, { method: "DELETE", path });
  };
}

/** The API of NodeClaims, played at the door of a simulated cluster that does not know them: create, read, list, delete, and their finalizers. */
export function playNodeClaims(door: Door): void {
  const held = new Map<string, Live>();
  const reply = (code: number, body: object) => ({ code, body });
  const status = (code: number, message: string) => reply(code, { kind: "Status", status: "Failure", code, message });
  const remove = (claim: Live, call: DoorCall) => {
    const uid = call.body?.preconditions?.uid;
    if (uid !== undefined && uid !== claim.metadata.uid) return status(409, "Precondition failed: UID in precondition");
    if (!call.path.includes("dryRun")) claim.metadata.deletionTimestamp = new Date().toISOString();
    return reply(200, claim);
  };
  const one = (claim: Live, name: string, call: DoorCall) => {
    if (call.method === "DELETE") return remove(claim, call);
    if (call.method === "PATCH") Object.assign(claim, { ...call.body, metadata: { ...claim.metadata, ...call.body.metadata } });
    if (claim.metadata.deletionTimestamp !== undefined && claim.metadata.finalizers === null) held.delete(name);
    return reply(200, claim);
  };
  const create = ({ body }: DoorCall) => {
    const claim = { ...body, metadata: { ...body.metadata, uid: `uid-of-${body.metadata.name}` } };
    held.set(claim.metadata.name, claim);
    return reply(201, claim);
  };
  door.answer = (call) => {
    const [path = ""] = call.path.split("?");
    if (!path.startsWith(claims)) return undefined;
    if (path === claims) return call.method === "POST" ? create(call) : reply(200, { items: [...held.values()], metadata: {} });
    const name = path.slice(claims.length + 1).replace("/status", "");
    const claim = held.get(name);
    return claim ? one(claim, name, call) : status(404, "not found");
  };
}

/** As Karpenter makes it when it buys a node. */
export async function createClaim(connection: KubeConnection, name: string, nodeName: string, annotations = {}): Promise<Live> {
  const metadata = { name, annotations, finalizers: ["karpenter.sh/termination"] };
  const body = { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata, spec: {} };
  await expectKube(connection, { method: "POST", path: claims, body });
  return patchClaim(connection, `${name}/status`, { status: { nodeName } });
}

export function findClaim(connection: KubeConnection, name: string): Promise<Live> {
  return findKube(connection, { path: `${claims}/${name}` });
}

/** Plays Karpenter's part for one claim, once: where it is being deleted, evicts what is on its node; ends the node once that is empty. */
export async function reconcile(connection: KubeConnection, name: string, nodeName: string): Promise<void> {
  const claim = await findClaim(connection, name);
  if (claim?.metadata.deletionTimestamp === undefined) return;
  const pods = (await listPodsOnNode(connection, nodeName)).filter((pod) => !isDaemon(pod));
  for (const { metadata } of pods) {
    if (metadata.deletionTimestamp !== undefined) continue;
    const { namespace = "", name, uid } = metadata;
    await evictPod(connection, { namespace, name, uid });
  }
  if (pods.length > 0) return;
  await findKube(connection, { method: "DELETE", path: `/api/v1/nodes/${nodeName}` });
  await patchClaim(connection, name, { metadata: { finalizers: null } });
}

function patchClaim(connection: KubeConnection, name: string, body: object): Promise<Live> {
  return findKube(connection, { method: "PATCH", path: `${claims}/${name}`, body, contentType: "application/merge-patch+json" });
}
