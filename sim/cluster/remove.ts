import { asFields } from "./call.ts";
import { deleteGracefully, markDeleted } from "./collect.ts";
import { toFilter } from "./filter.ts";
import { formatList } from "./list.ts";
import { formatTime } from "./prepare.ts";
import { StatusError } from "./status-error.ts";
import { find, type WriteContext } from "./write.ts";
import type { Answer, Call, Target } from "./call.ts";
import type { KubeObject } from "./types.ts";

/** How a delete is meant. */
export interface DeleteOptions {
  readonly graceSeconds?: number;
  readonly orphan: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Answers a DELETE of an object: with a pod or a namespace as it goes, with a Status for anything else. */
export function remove(context: WriteContext, target: Target, call: Call): Answer {
  const current = find(context.store, target);
  const options = readDeleteOptions(asFields(call.body), call.query);
  const gone = removeObject(context, target, current, options, call.dryRun);
  const { resource } = target;
  if (resource.kind === "Pod" || resource.kind === "Namespace") return { code: 200, body: gone };
  const { name, uid } = current.metadata;
  const details = { name, ...(resource.group ? { group: resource.group } : {}), kind: resource.plural, uid };
  return { code: 200, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details } };
}

/** Answers a DELETE of a collection: with the list of what goes. */
export function removeAll(context: WriteContext, target: Target, call: Call): Answer {
  const matches = toFilter(target, call.query);
  const found = [...context.store.list(target.resource.name, target.namespace)].filter(matches);
  const options = readDeleteOptions(asFields(call.body), call.query);
  const gone = found.map((object) => removeObject(context, target, object, options, call.dryRun));
  return { code: 200, body: formatList(target, { resourceVersion: context.store.resourceVersion }, gone) };
}

/** Deletes an object, or only shows it as it would go. Throws 409 when a precondition fails. */
export function removeObject(
  context: WriteContext,
  { resource }: Target,
  current: KubeObject,
  options: DeleteOptions,
  dryRun: boolean,
): KubeObject {
  checkPreconditions(resource.kind, resource.group, current, options);
  const { store, now } = context;
  if (dryRun) return resource.kind === "Pod" ? markDeleted(current, now(), options.graceSeconds ?? 30) : current;
  if (resource.kind === "Namespace") {
    const change = (namespace: KubeObject) => terminating(namespace, now());
    return store.modify(resource.name, undefined, current.metadata.name, change) ?? current;
  }
  if (options.orphan) disown(context, current);
  return deleteGracefully(store, resource.name, current, now(), options.graceSeconds) ?? current;
}

function terminating(namespace: KubeObject, now: number): KubeObject {
  if (namespace.metadata.deletionTimestamp) return namespace;
  const metadata = { ...namespace.metadata, deletionTimestamp: formatTime(now) };
  return { ...namespace, metadata, status: { ...namespace.status, phase: "Terminating" } };
}

/** Takes an owner off what it owns, so that deleting it leaves that alone. */
function disown({ store }: WriteContext, { metadata }: KubeObject): void {
  for (const resource of ["apps/v1/replicasets", "v1/pods"] as const) {
    for (const object of store.list(resource, metadata.namespace)) {
      const { ownerReferences = [] } = object.metadata;
      const others = ownerReferences.filter((owner) => owner.uid !== metadata.uid);
      if (others.length === ownerReferences.length) continue;
      const change = (old: KubeObject) => ({ ...old, metadata: { ...old.metadata, ownerReferences: others } });
      store.modify(resource, object.metadata.namespace, object.metadata.name, change);
    }
  }
}

function checkPreconditions(
  kind: string,
  group: string,
  { metadata }: KubeObject,
  { uid, resourceVersion }: DeleteOptions,
): void {
  const why = (field: string, wanted: string, is: string) =>
    `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${is}).`;
  if (uid !== undefined && uid !== metadata.uid) {
    throw failed(`${why("UID", uid, metadata.uid)} The object might have been deleted and then recreated`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw failed(`${why("ResourceVersion", resourceVersion, metadata.resourceVersion)} The object might have been modified`);
  }
  function failed(text: string): StatusError {
    const qualified = group ? `${kind}.${group}` : kind;
    const message = `Operation cannot be fulfilled on ${qualified} "${metadata.name}": ${text}`;
    return new StatusError(409, "Conflict", message, { name: metadata.name, ...(group ? { group } : {}), kind });
  }
}

const policies = ["Foreground", "Background", "Orphan"];

/** DeleteOptions from a body, with what the query says instead. Throws 422. */
export function readDeleteOptions(body: Record<string, unknown>, query: URLSearchParams): DeleteOptions {
  const policy = query.get("propagationPolicy") ?? body["propagationPolicy"] ?? "Background";
  if (typeof policy !== "string" || !policies.includes(policy)) {
    const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    const details = {
      group: "meta.k8s.io",
      kind: "DeleteOptions",
      causes: [{ reason: "FieldValueNotSupported", message, field: "propagationPolicy" }],
    };
    throw new StatusError(422, "Invalid", `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: ${message}`, details);
  }
  const { uid, resourceVersion } = asFields(body["preconditions"]);
  const grace = Number(query.get("gracePeriodSeconds") ?? body["gracePeriodSeconds"] ?? Number.NaN);
  return {
    orphan: policy === "Orphan",
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
    ...(grace >= 0 ? { graceSeconds: grace } : {}),
  };
}
