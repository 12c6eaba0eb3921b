import { asFields } from "./call.ts";
import { formatTime } from "./prepare.ts";
import { badRequest, conflict } from "./status-error.ts";
import { find, type WriteContext } from "./write.ts";
import type { Answer, Call, Target } from "./call.ts";
import type { KubeObject } from "./types.ts";

/** Answers a POST of a Binding: the pod goes to a node, once. Throws 409 when it is on one already. */
export function bind({ store, now }: WriteContext, target: Target, call: Call): Answer {
  const pod = find(store, target);
  const node = asFields(asFields(call.body)["target"])["name"];
  if (typeof node !== "string" || node === "") throw badRequest("target.name: Required value");
  if (pod.spec?.["nodeName"])
    throw conflict(target.resource, pod.metadata.name, `pod ${pod.metadata.name} is already assigned to node "${node}"`);
  const { namespace, name } = pod.metadata;
  if (!call.dryRun) store.modify("v1/pods", namespace, name, (old) => assigned(old, node, now()), call.manager);
  return { code: 201, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 } };
}

/** A pod as it is once a scheduler has chosen its node. */
function assigned(pod: KubeObject, node: string, now: number): KubeObject {
  const conditions = Array.isArray(pod.status?.["conditions"]) ? pod.status["conditions"].map(asFields) : [];
  const others = conditions.filter(({ type }) => type !== "PodScheduled");
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: formatTime(now) };
  return { ...pod, spec: { ...pod.spec, nodeName: node }, status: { ...pod.status, conditions: [...others, scheduled] } };
}
