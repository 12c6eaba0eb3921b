import type { ActResult, StepOrder } from "#domain/order.ts";
import type { Intent } from "#domain/intent.ts";
import type { ActKind } from "#domain/plan.ts";
import type { JsonPatchOperation } from "#clients/kubernetes/api.ts";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { createEvent } from "#clients/kubernetes/events.ts";
import { digestOf } from "#lib/digest.ts";
import { StaleError, messageOf } from "#lib/errors.ts";
import type { ActionContext } from "./action.ts";

const incidentAnnotation = "k8s-why.dev/incident";
const lastActAnnotation = "k8s-why.dev/last-act";

/** Why an Event was written, as `kubectl get events` shows it. */
const reasons: Readonly<Record<ActKind, string>> = {
  cap: "K8sWhyCapped",
  migrate: "K8sWhyMigratedDown",
  rollback: "K8sWhyRolledBack",
  lower: "K8sWhyLowered",
  drain: "K8sWhyDraining",
  restore: "K8sWhyRestored",
  scale: "K8sWhyScaled",
  pause: "K8sWhyPaused",
  resume: "K8sWhyResumed",
  restart: "K8sWhyRestarted",
  cordon: "K8sWhyCordoned",
  uncordon: "K8sWhyUncordoned",
};

/** An object that an act has changed. */
export interface Touched {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMeta;
}

/**
 * Notes on the object's own metadata who acts: part of the act's own patch, so that it is no second write. Never on a pod template: that
 * would be a rollout. `more` are other annotations of the act; undefined takes one away.
 */
export function traceOperations(
  { clock }: Pick<ActionContext, "clock">,
  order: StepOrder,
  metadata: KubeMeta,
  intent?: Intent,
  more: Readonly<Record<string, string | undefined>> = {},
): JsonPatchOperation[] {
  const at = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  const mark = intent === undefined ? "" : `, ${markOf(intent)}`;
  const lastAct = `${order.kind} at ${at} (step ${order.stepId}${mark})`;
  return annotate(metadata, { ...more, [incidentAnnotation]: order.incidentId, [lastActAnnotation]: lastAct });
}

function markOf(intent: Intent): string {
  return digestOf(intent).slice(0, 12);
}

function annotate({ annotations }: KubeMeta, values: Readonly<Record<string, string | undefined>>): JsonPatchOperation[] {
  const added = Object.entries(values).filter(([, value]) => value !== undefined);
  // Where there are none, the whole map is added: only as long as nobody else has added one. To the API server nothing is null. The
  // resourceVersion would say too much: it moves with every status.
  if (!annotations)
    return [
      { op: "test", path: "/metadata/annotations", value: null },
      { op: "add", path: "/metadata/annotations", value: Object.fromEntries(added) },
    ];
  const removed = Object.keys(values).filter((key) => values[key] === undefined && annotations[key] !== undefined);
  return [
    ...removed.map((key) => ({ op: "remove", path: annotationPath(key) }) as const),
    ...added.map(([key, value]) => ({ op: "add", path: annotationPath(key), value }) as const),
  ];
}

/** Where a JSON Patch finds an annotation. */
export function annotationPath(key: string, at = "/metadata/annotations"): string {
  return `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** What was done last to an object, and for which incident, as its annotations say. */
export function lastActOf({ annotations }: KubeMeta): { readonly kind?: string; readonly incidentId?: string } {
  const kind = /^(\S+) at /.exec(annotations?.[lastActAnnotation] ?? "")?.[1];
  const incidentId = annotations?.[incidentAnnotation];
  return { ...(kind !== undefined && { kind }), ...(incidentId !== undefined && { incidentId }) };
}

/** This very step was the last that wrote to it: an earlier run, whose answer was lost. */
export function isOwnWork(order: StepOrder, { annotations }: KubeMeta, intent: Intent): boolean {
  return (
    annotations?.[incidentAnnotation] === order.incidentId &&
    annotations[lastActAnnotation]?.endsWith(` (step ${order.stepId}, ${markOf(intent)})`) === true
  );
}

/**
 * Leaves an Event on the object, once however often it runs, and says that it is done. Without the right to write Events the act is no less
 * done: that is logged, and said.
 */
export async function leaveTrace(
  context: ActionContext,
  order: StepOrder,
  intent: Intent,
  touched: Touched,
  result: Extract<ActResult, { kind: "done" | "already-done" }>,
): Promise<ActResult> {
  const { connection, log, fieldManager } = context;
  const event = toEvent(context, order, intent, touched, result.text);
  try {
    await createEvent(connection, event.metadata.namespace, event, { fieldManager });
  } catch (error) {
    if (error instanceof StaleError) return result;
    const { kind, metadata } = touched;
    log.warn({ object: `${kind} ${metadata.name}`, error: messageOf(error) }, "Event was not written");
    return { ...result, text: `${result.text} No Event could be written: ${messageOf(error).slice(0, 200)}.` };
  }
  return result;
}

function toEvent({ clock }: ActionContext, order: StepOrder, intent: Intent, touched: Touched, text: string) {
  const { apiVersion, kind, metadata } = touched;
  const { name, uid } = metadata;
  // What is in no namespace has its Events in this one, as the node controller's are.
  const namespace = metadata.namespace ?? "default";
  const at = new Date(clock.now()).toISOString();
  const id = digestOf([order.incidentId, order.stepId, uid, metadata.annotations?.[lastActAnnotation] ?? markOf(intent)]);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: {
      name: `${name.slice(0, 200)}.${id.slice(0, 16)}`,
      namespace,
      annotations: { [incidentAnnotation]: order.incidentId },
    },
    involvedObject: { apiVersion, kind, name, uid, ...(metadata.namespace !== undefined && { namespace }) },
    reason: reasons[order.kind],
    message: `${text.slice(0, 900)} (incident ${order.incidentId})`,
    type: "Normal",
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    action: order.kind,
    reportingComponent: "k8s-why",
    reportingInstance: "k8s-why",
    source: { component: "k8s-why" },
  };
}
