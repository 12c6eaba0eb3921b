import { patchNode, type JsonPatchOperation } from "#clients/kubernetes/api.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import type { DrainIntent, NodesIntent } from "#domain/intent.ts";
import type { StepOrder } from "#domain/order.ts";
import type { ActionContext } from "./action.ts";
import { annotationPath, leaveTrace, traceOperations } from "./traces.ts";
import { tryWrite, type Written } from "./write.ts";

/** On a node: the incident that it was cordoned for. Without it, somebody else cordoned it. */
export const cordonedForAnnotation = "k8s-why.dev/cordoned-for";

/** Was it cordoned for this incident, by us? */
export function isOurs({ metadata }: KubeNode, { incidentId }: Pick<StepOrder, "incidentId">): boolean {
  return metadata.annotations?.[cordonedForAnnotation] === incidentId;
}

/** What is written, and why; without an intent as a dry run. */
interface Why {
  readonly order: StepOrder;
  readonly intent?: DrainIntent | NodesIntent;
}

/** Cordons a node, and says for which incident, in one write. */
export function cordonNode(context: ActionContext, node: KubeNode, why: Why): Promise<Written> {
  const { order, intent } = why;
  const mark = traceOperations(context, order, node.metadata, intent, { [cordonedForAnnotation]: order.incidentId });
  const text = `The node takes no more pods${order.kind === "drain" ? ", to be emptied" : ""}.`;
  return patch(context, node, [...mark, { op: "add", path: "/spec/unschedulable", value: true }], why, text);
}

/** Lets a node of ours take pods again, while it is ours. */
export function uncordonNode(context: ActionContext, node: KubeNode, why: Why): Promise<Written> {
  const { order, intent } = why;
  const operations: JsonPatchOperation[] = [
    { op: "test", path: annotationPath(cordonedForAnnotation), value: order.incidentId },
    { op: "test", path: "/spec/unschedulable", value: true },
    ...traceOperations(context, order, node.metadata, intent, { [cordonedForAnnotation]: undefined }),
    { op: "remove", path: "/spec/unschedulable" },
  ];
  return patch(context, node, operations, why, "The node takes pods again.");
}

async function patch(
  context: ActionContext,
  { metadata }: KubeNode,
  changes: readonly JsonPatchOperation[],
  { order, intent }: Why,
  text: string,
): Promise<Written> {
  const { connection, fieldManager } = context;
  const { name, uid } = metadata;
  const operations: JsonPatchOperation[] = [{ op: "test", path: "/metadata/uid", value: uid }, ...changes];
  const options = { fieldManager, dryRun: intent === undefined };
  const written = await tryWrite(() => patchNode(connection, name, { type: "json", operations }, options));
  if (written.kind === "written" && intent)
    await leaveTrace(context, order, intent, { apiVersion: "v1", kind: "Node", metadata }, { kind: "done", text });
  return written;
}
