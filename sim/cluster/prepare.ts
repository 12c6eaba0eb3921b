import { isDeepStrictEqual } from "node:util";
import { withDefaults } from "./defaults.ts";
import { apiVersionOf, resourceOf } from "./resources.ts";
import { conflict, stale } from "./status-error.ts";
import type { KubeObject, Metadata, NewObject, ResourceName } from "./types.ts";

/** What the store gives a new object. */
export interface Birth {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Milliseconds. */
  readonly now: number;
  readonly by?: string | undefined;
  readonly name: string;
}

/** How an update is to be understood. */
export interface UpdateOptions {
  readonly subresource?: "status";
  readonly by?: string;
}

/** Kubernetes' time: RFC 3339 in UTC, whole seconds. */
export function formatTime(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** The kinds whose objects carry a generation; autoscalers, nodes and leases do not. */
const countsGenerations = new Set<ResourceName>([
  "v1/pods",
  "apps/v1/deployments",
  "apps/v1/replicasets",
  "policy/v1/poddisruptionbudgets",
]);

/** A new object as it will be stored: named, dated, with defaults. Pure, so that a dry run shows the same. */
export function prepareCreate(name: ResourceName, object: NewObject, birth: Birth): KubeObject {
  const resource = resourceOf(name);
  const metadata: Metadata = {
    ...object.metadata,
    name: birth.name,
    uid: birth.uid,
    resourceVersion: birth.resourceVersion,
    creationTimestamp: formatTime(birth.now),
    ...(countsGenerations.has(name) ? { generation: 1 } : {}),
    ...managed({}, birth.now, birth.by, undefined),
  };
  return withDefaults(name, { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata });
}

/** The object after an update, without its new resourceVersion; the same object when nothing changes. Pure. Throws 409 when stale. */
export function prepareUpdate(
  name: ResourceName,
  current: KubeObject,
  next: KubeObject,
  now: number,
  options: UpdateOptions,
): KubeObject {
  const wanted = next.metadata.resourceVersion;
  const resource = resourceOf(name);
  if (wanted && wanted !== current.metadata.resourceVersion) throw stale(resource, current.metadata.name);
  if (next.metadata.uid && next.metadata.uid !== current.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${next.metadata.uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(resource, current.metadata.name, why);
  }
  const hasStatus = resource.subresources.includes("status");
  const merged = options.subresource === "status" ? onlyStatus(current, next) : hasStatus ? allButStatus(current, next) : next;
  return settleUpdate(name, current, withDefaults(name, sameDeletion(current, merged)), now, options);
}

/** Only a delete begins a deletion. */
function sameDeletion(current: KubeObject, next: KubeObject): KubeObject {
  const { deletionTimestamp: _, ...metadata } = next.metadata;
  const { deletionTimestamp } = current.metadata;
  return { ...next, metadata: deletionTimestamp === undefined ? metadata : { ...metadata, deletionTimestamp } };
}

function onlyStatus(current: KubeObject, next: KubeObject): KubeObject {
  return { ...current, status: next.status };
}

function allButStatus(current: KubeObject, next: KubeObject): KubeObject {
  const { status: _, ...rest } = next;
  return current.status === undefined ? rest : { ...rest, status: current.status };
}

/** Puts back what no writer may change, raises the generation with the spec, and notices when nothing changed. */
export function settleUpdate(
  name: ResourceName,
  current: KubeObject,
  next: KubeObject,
  now: number,
  options: UpdateOptions,
): KubeObject {
  const sameSpec = next.spec === current.spec || isDeepStrictEqual(next.spec, current.spec);
  const metadata = keptMetadata(current.metadata, next.metadata, sameSpec);
  const resource = resourceOf(name);
  const settled = { ...next, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata };
  if (sameSpec && isDeepStrictEqual({ ...settled, spec: undefined }, { ...current, spec: undefined })) return current;
  return { ...settled, metadata: { ...metadata, ...managed(current.metadata, now, options.by, options.subresource) } };
}

function keptMetadata(current: Metadata, next: Metadata, sameSpec: boolean): Metadata {
  const { resourceVersion, uid, creationTimestamp, generation, name, namespace, managedFields } = current;
  const { generation: _, managedFields: __, ...given } = next;
  return {
    ...given,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    resourceVersion,
    creationTimestamp,
    ...(generation === undefined ? {} : { generation: sameSpec ? generation : generation + 1 }),
    ...(managedFields === undefined ? {} : { managedFields }),
  };
}

/** Who wrote last, by manager and subresource. Which fields is left out: nothing here reads it. */
function managed(
  { managedFields = [] }: Pick<Metadata, "managedFields">,
  now: number,
  by: string | undefined,
  subresource: string | undefined,
): Pick<Metadata, "managedFields"> {
  if (!by) return managedFields.length > 0 ? { managedFields } : {};
  const others = managedFields.filter((entry) => entry.manager !== by || entry.subresource !== subresource);
  const entry = { manager: by, operation: "Update", time: formatTime(now), ...(subresource ? { subresource } : {}) };
  return { managedFields: [...others, entry] };
}
