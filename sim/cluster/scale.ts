import { asFields } from "./call.ts";
import { applyPatch } from "./patch.ts";
import { formatLabelSelector } from "./selectors.ts";
import { badRequest, StatusError } from "./status-error.ts";
import { wrongValue } from "./validate.ts";
import { find, put, type WriteContext } from "./write.ts";
import type { Answer, Call, Target } from "./call.ts";
import type { KubeObject } from "./types.ts";

/** Answers GET, PUT and PATCH of a scale subresource. */
export function scale(context: WriteContext, target: Target, call: Call): Answer {
  const current = find(context.store, target);
  if (call.method === "GET") return { code: 200, body: toScale(current) };
  const wanted =
    call.method === "PUT" ? asFields(call.body) : asFields(applyPatch(call.contentType, toScale(current), call.body));
  const metadata = asFields(wanted["metadata"]);
  if ((metadata["name"] ?? target.name) !== target.name)
    throw badRequest("the name of the object does not match the name on the URL");
  const replicas = asFields(wanted["spec"])["replicas"] ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) throw wrongReplicas(current, replicas);
  const resourceVersion =
    typeof metadata["resourceVersion"] === "string" ? metadata["resourceVersion"] : current.metadata.resourceVersion;
  const next = { ...current, metadata: { ...current.metadata, resourceVersion }, spec: { ...current.spec, replicas } };
  return { code: 200, body: toScale(put(context, target, current, next, call)) };
}

function toScale({ metadata, spec = {}, status = {} }: KubeObject) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const replicas = spec["replicas"];
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // Zero is left out, as Go's omitempty does.
    spec: replicas ? { replicas } : {},
    status: { replicas: status["replicas"] ?? 0, selector: formatLabelSelector(asFields(spec["selector"])) },
  };
}

function wrongReplicas({ metadata: { name } }: KubeObject, replicas: unknown): StatusError {
  const cause = wrongValue("spec.replicas", replicas, "must be greater than or equal to 0");
  const details = { name, group: "autoscaling", kind: "Scale", causes: [cause] };
  return new StatusError(422, "Invalid", `Scale.autoscaling "${name}" is invalid: spec.replicas: ${cause.message}`, details);
}
