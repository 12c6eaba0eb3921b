import jsonPatch, { type Operation } from "fast-json-patch";
import { asFields } from "./call.ts";
import { StatusError, badRequest } from "./status-error.ts";

/** A document after a patch of the given content type. The document itself is left alone. Throws 400, 415 or 422 as the API server does. */
export function applyPatch(contentType: string, document: unknown, patch: unknown): unknown {
  if (contentType === "application/json-patch+json") return applyJsonPatch(document, patch);
  if (patch === null || typeof patch !== "object" || Array.isArray(patch))
    throw badRequest("error decoding patch: expected an object");
  if (contentType === "application/merge-patch+json") return mergePatch(document, patch);
  if (contentType === "application/strategic-merge-patch+json") return strategicPatch(asFields(document), asFields(patch));
  throw new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type");
}

function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest("error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
  try {
    return (patch as readonly Operation[]).reduce(applyOperation, structuredClone(document));
  } catch {
    // The API server says no more than this, whether a test failed or a path is missing.
    throw new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {});
  }
}

/** One after another, as a test looks at what those before it made. Unlike the RFC, the API server takes what is not there for null. */
function applyOperation(document: unknown, operation: Operation): unknown {
  if (operation.op === "test" && operation.value === null && isNothing(document, operation.path)) return document;
  return jsonPatch.applyOperation(document, operation, true).newDocument;
}

function isNothing(document: unknown, path: string): boolean {
  try {
    return (jsonPatch.getValueByPointer(document, path) as unknown) === undefined;
  } catch {
    return false;
  }
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const result = { ...asFields(target) };
  for (const [key, value] of entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Lists that a strategic merge patch merges item by item, and by which of an item's fields; all others it replaces. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  ports: "containerPort",
  conditions: "type",
  ownerReferences: "uid",
  addresses: "type",
  taints: "key",
  imagePullSecrets: "name",
};

/** Kubernetes' own patch: objects are merged, null removes, and some lists are merged by a key. `$patch` may say delete or replace. */
function strategicPatch(target: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const { $patch, $retainKeys, ...changes } = patch;
  if ($patch === "replace") return changes;
  if ($patch === "delete") return {};
  const result = retain(target, $retainKeys);
  for (const [key, value] of entries(changes)) {
    if (key.startsWith("$")) continue;
    if (value === null) delete result[key];
    else result[key] = strategicValue(key, result[key], value);
  }
  return result;
}

function retain(target: Record<string, unknown>, keys: unknown): Record<string, unknown> {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function strategicValue(key: string, current: unknown, value: unknown): unknown {
  const mergeKey = mergeKeys[key];
  if (Array.isArray(value)) return mergeKey ? mergeList(mergeKey, Array.isArray(current) ? current : [], value) : value;
  return typeof value === "object" ? strategicPatch(asFields(current), asFields(value)) : value;
}

function mergeList(mergeKey: string, current: readonly unknown[], changes: readonly unknown[]): unknown[] {
  if (changes.some((change) => asFields(change)["$patch"] === "replace")) {
    return changes.filter((change) => asFields(change)["$patch"] !== "replace");
  }
  const result = [...current];
  for (const change of changes.map(asFields)) {
    const index = result.findIndex((item) => asFields(item)[mergeKey] === change[mergeKey]);
    if (change["$patch"] === "delete") {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) result[index] = strategicPatch(asFields(result[index]), change);
    else result.push(strategicPatch({}, change));
  }
  return result;
}

/** The fields of foreign JSON, without the one that would reach into the prototype. */
function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([key]) => key !== "__proto__");
}
