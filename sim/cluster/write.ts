import { randomUUID } from "node:crypto";
import { asFields } from "./call.ts";
import { applyPatch } from "./patch.ts";
import { prepareCreate, prepareUpdate } from "./prepare.ts";
import { apiVersionOf, qualifiedName, resourceOf } from "./resources.ts";
import { alreadyExists, badRequest, forbidden, invalid, notFound } from "./status-error.ts";
import { nameOf } from "./store.ts";
import { missing, validate, wrongValue } from "./validate.ts";
import type { Answer, Call, Target } from "./call.ts";
import type { KubeObject, NewObject, ObjectStore } from "./types.ts";

/** Where writes go, and the time (ms) that dry runs show. */
export interface WriteContext {
  readonly store: ObjectStore;
  readonly now: () => number;
}

/** Answers a POST to a collection. */
export function create({ store, now }: WriteContext, target: Target, call: Call): Answer {
  const { resource } = target;
  const given = readObject(target, call.body);
  const named = given.metadata.name || given.metadata.generateName;
  requireNamespace(store, target, given.metadata.name ?? "");
  if (!named) throw invalid(resource, "", [missing("metadata.name", "name or generateName is required")]);
  const object = withoutStatus(target, { ...given, metadata: { ...given.metadata, name: nameOf(given, Math.random) } });
  const { name } = object.metadata;
  const birth = { uid: randomUUID(), resourceVersion: "", now: now(), by: call.manager, name };
  const prepared = prepareCreate(resource.name, object, birth);
  validate(resource.name, prepared);
  if (!call.dryRun) return { code: 201, body: store.create(resource.name, object, call.manager) };
  if (store.get(resource.name, target.namespace, name)) throw alreadyExists(resource, name);
  return { code: 201, body: { ...prepared, metadata: { ...prepared.metadata, resourceVersion: undefined } } };
}

type Given = NewObject & { readonly metadata: { readonly name?: string; readonly generateName?: string } };

/** The body as an object of the target's kind and namespace. Throws 400. */
function readObject(target: Target, body: unknown): Given {
  const { resource, namespace } = target;
  const given = asFields(body);
  const { uid: _, creationTimestamp: __, deletionTimestamp: ___, ...kept } = asFields(given["metadata"]);
  checkKind(target, given, body);
  if (resource.namespaced && namespace === undefined) throw badRequest("an empty namespace may not be set during creation");
  if (namespace !== undefined && (kept["namespace"] ?? namespace) !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const metadata = namespace === undefined ? kept : { ...kept, namespace };
  return { ...given, kind: resource.kind, apiVersion: apiVersionOf(resource), metadata } as Given;
}

function checkKind({ resource }: Target, given: Record<string, unknown>, body: unknown): void {
  const { kind = resource.kind, apiVersion = apiVersionOf(resource) } = given;
  if (body !== undefined && kind === resource.kind && apiVersion === apiVersionOf(resource)) return;
  throw badRequest(`${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${resource.kind}`);
}

/** Whoever creates or updates an object does not set its status; a kubelet that registers its node does. */
function withoutStatus(
  { resource }: Target,
  object: NewObject & { metadata: { name: string } },
): NewObject & { metadata: { name: string } } {
  if (!resource.subresources.includes("status") || resource.kind === "Node") return object;
  const { status: _, ...rest } = object;
  return rest;
}

function requireNamespace(store: ObjectStore, { resource, namespace }: Target, name: string): void {
  if (namespace === undefined) return;
  const found = store.get("v1/namespaces", undefined, namespace);
  if (!found) throw notFound(resourceOf("v1/namespaces"), namespace);
  if (!found.metadata.deletionTimestamp) return;
  const message = `namespace ${namespace} is being terminated`;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const causes = [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }];
  throw forbidden(`${qualifiedName(resource)} "${name}" is forbidden: ${why}`, { name, kind: resource.plural, causes });
}

/** The object a path names. Throws 404. */
export function find(store: ObjectStore, { resource, namespace, name = "" }: Target): KubeObject {
  const found = store.get(resource.name, namespace, name);
  if (!found) throw notFound(resource, name);
  return found;
}

/** Answers a PUT or PATCH of an object or its status. */
export function change(context: WriteContext, target: Target, call: Call): Answer {
  const current = find(context.store, target);
  const next = call.method === "PUT" ? readReplacement(target, call.body) : readPatched(target, current, call);
  return { code: 200, body: put(context, target, current, next, call) };
}

/** Writes a new version of an object, or only shows it. Throws 409 and 422. */
export function put({ store, now }: WriteContext, target: Target, current: KubeObject, next: KubeObject, call: Call): KubeObject {
  const { resource, subresource } = target;
  const options = { by: call.manager, ...(subresource === "status" ? ({ subresource } as const) : {}) };
  const prepared = prepareUpdate(resource.name, current, next, now(), options);
  validate(resource.name, prepared, current);
  return call.dryRun ? prepared : store.update(resource.name, next, options);
}

/** Kinds of which a replacement must say which version it replaces. */
const conditional = new Set(["Lease", "PodDisruptionBudget"]);

function readReplacement(target: Target, body: unknown): KubeObject {
  const { resource, name = "" } = target;
  const given = readObject(target, body) as unknown as KubeObject;
  checkUrlName(given, name);
  if (conditional.has(resource.kind) && !given.metadata.resourceVersion) {
    throw invalid(resource, name, [wrongValue("metadata.resourceVersion", 0, "must be specified for an update")]);
  }
  const uid = asFields(asFields(body)["metadata"])["uid"];
  return typeof uid === "string" && uid ? { ...given, metadata: { ...given.metadata, uid } } : given;
}

function readPatched({ resource, name = "" }: Target, current: KubeObject, call: Call): KubeObject {
  const patched = applyPatch(call.contentType, current, call.body);
  const { metadata } = asFields(patched);
  const next = { ...asFields(patched), metadata: asFields(metadata) } as unknown as KubeObject;
  checkUrlName(next, name);
  if (next.metadata.uid !== current.metadata.uid) {
    throw invalid(resource, name, [wrongValue("metadata.uid", next.metadata.uid, "field is immutable")]);
  }
  if ((next.metadata.namespace ?? "") !== (current.metadata.namespace ?? "")) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return next;
}

function checkUrlName({ metadata }: KubeObject, name: string): void {
  if (metadata.name === name) return;
  throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
}
