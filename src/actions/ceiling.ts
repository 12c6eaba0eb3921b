import type { ActResult, PreviewResult, StepOrder } from "#domain/order.ts";
import type { CeilingIntent } from "#domain/intent.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { listHpas, patchHpa, type JsonPatchOperation } from "#clients/kubernetes/api.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeHpa } from "#clients/kubernetes/objects.ts";
import { readWorkload } from "#clients/kubernetes/workloads.ts";
import { type ActionContext, refused } from "./action.ts";
import { askOwners } from "./owner-sync.ts";
import { isName } from "./owners.ts";
import type { LiveWorkload } from "./workload-act.ts";
import { lastActOf, traceOperations } from "./traces.ts";

/** The ceiling that stood before we touched it, to be given back; and the one that we set, to tell whether somebody changed it since. */
export const cappedFromAnnotation = "k8s-why.dev/capped-from";
const cappedToAnnotation = "k8s-why.dev/capped-to";

/** A no, or nothing to do. */
export type No = Extract<PreviewResult, { kind: "refused" | "already-done" }>;

/** The autoscaler of a workload, and what the workload does now. */
export interface Ceiling {
  readonly kind: "found";
  readonly hpa: KubeHpa;
  /** Wanted now: no ceiling goes below. */
  readonly replicas: number;
  /** A ceiling below this would stop pods, or is no ceiling at all: the minimum, what is wanted, what serves while it is busy. */
  readonly floor: number;
  readonly kept: Kept | undefined;
  /** Pods of another template serve still, or some of the new are not ready. */
  readonly isRollingOut: boolean;
  readonly warnings: readonly string[];
}

interface Kept {
  readonly from: number;
  readonly to: number;
}

/** Finds the one autoscaler of a workload; refused where there is none, several, or one that somebody else keeps as it is. */
export async function findCeiling(context: ActionContext, order: StepOrder): Promise<Ceiling | No> {
  const { namespace, name, kind } = order.workload;
  const title = `${namespace}/${name}`;
  if (kind === "DaemonSet") return refused(`${title} is a DaemonSet: it runs a pod on every node, and has no count to limit.`);
  const [workload, own] = await Promise.all([
    readWorkload(context.connection, order.workload),
    autoscalersOf(context.connection, order.workload),
  ]);
  if (!workload) return refused(`There is no ${kind} ${title} any more.`);
  const [hpa] = own;
  if (!hpa) return refused(`No autoscaler scales ${title}: there is no ceiling to change.`);
  if (own.length > 1) return refused(`${own.length} autoscalers scale ${title}: decide by hand which one is right.`);
  const keda = kedaRefusal(order, hpa, floorOf(order, workload, hpa));
  return keda === undefined ? toCeiling(context, order, workload, hpa) : refused(keda);
}

async function toCeiling(context: ActionContext, order: StepOrder, workload: LiveWorkload, hpa: KubeHpa): Promise<Ceiling | No> {
  const what = `The autoscaler "${hpa.metadata.name}"`;
  const word = await askOwners(context, what, { kind: "HorizontalPodAutoscaler", metadata: hpa.metadata }, "maxReplicas");
  if (word.refusal !== undefined) return refused(word.refusal);
  const replicas = workload.spec.replicas ?? 1;
  const { updatedReplicas = 0, readyReplicas = 0 } = workload.status ?? {};
  const isRollingOut = Math.min(updatedReplicas, readyReplicas) < replicas;
  const floor = floorOf(order, workload, hpa);
  return { kind: "found", hpa, replicas, floor, kept: keptOf(hpa), isRollingOut, warnings: word.warnings };
}

function floorOf({ isBusy }: StepOrder, { spec, status }: LiveWorkload, hpa: KubeHpa): number {
  const serving = isBusy === true ? (status?.readyReplicas ?? 0) : 0;
  return Math.max(1, hpa.spec.minReplicas ?? 1, spec.replicas ?? 1, serving);
}

/** The autoscalers that name a workload as what they scale. */
export async function autoscalersOf(connection: KubeConnection, { namespace, kind, name }: WorkloadRef): Promise<KubeHpa[]> {
  const hpas = await listHpas(connection, namespace);
  return hpas.filter(
    ({ spec: { scaleTargetRef: target } }) =>
      target.kind === kind && target.name === name && (target.apiVersion === undefined || target.apiVersion.startsWith("apps/")),
  );
}

/** KEDA's ScaledObject that owns an autoscaler and resets its bounds, if one does. */
export function findScaledObject({ metadata: { labels = {}, ownerReferences = [] } }: KubeHpa): string | undefined {
  const name = ownerReferences.find(({ kind }) => kind === "ScaledObject")?.name ?? labels["scaledobject.keda.sh/name"];
  return name !== undefined && isName(name) ? name : undefined;
}

function kedaRefusal({ kind, workload, capFloor = 0 }: StepOrder, hpa: KubeHpa, floor: number): string | undefined {
  const scaledObject = findScaledObject(hpa);
  if (scaledObject === undefined) return undefined;
  const ceiling = kind === "restore" ? "THE_OLD_ONE" : Math.max(floor, Math.ceil(capFloor));
  const patch = `{"spec":{"maxReplicaCount":${ceiling}}}`;
  return `KEDA's ScaledObject "${scaledObject}" owns this autoscaler and would reset its bounds. Change it there: \`kubectl -n ${workload.namespace} patch scaledobject ${scaledObject} --type merge -p '${patch}'\``;
}

function keptOf({ metadata: { annotations = {} } }: KubeHpa): Kept | undefined {
  const from = Number(annotations[cappedFromAnnotation]);
  const to = Number(annotations[cappedToAnnotation] ?? from - 1);
  return from > 0 && to > 0 ? { from, to } : undefined;
}

/**
 * What is to be given back one day: what stood before we came. A ceiling that somebody raised since is theirs, and so is one that was lowered for
 * good in an earlier incident; a cap that was forgotten is not.
 */
export function originalOf({ hpa: { metadata, spec }, kept }: Ceiling, { incidentId }: StepOrder): number {
  if (!kept || spec.maxReplicas > kept.to) return spec.maxReplicas;
  const last = lastActOf(metadata);
  const decided = last.kind === "lower" && last.incidentId !== incidentId;
  return decided ? spec.maxReplicas : kept.from;
}

/** The ceiling that we set, where it still stands. */
export function isSetByUs({ hpa, kept }: Ceiling, toMax: number): boolean {
  return hpa.spec.maxReplicas === (kept?.to ?? toMax);
}

/** A ceiling to write. `keep`: what is to be given back one day; undefined: nothing, and the notes about it go. */
export interface Aim {
  readonly toMax: number;
  readonly keep: number | undefined;
}

/** Writes the ceiling, the notes and the trace in one patch, if nobody has changed it since it was read. */
export function writeCeiling(
  context: ActionContext,
  order: StepOrder,
  hpa: KubeHpa,
  { toMax, keep }: Aim,
  how: { readonly dryRun: boolean; readonly intent?: CeilingIntent },
): Promise<KubeHpa> {
  const { name, uid } = hpa.metadata;
  const notes = {
    [cappedFromAnnotation]: keep === undefined ? undefined : String(keep),
    [cappedToAnnotation]: keep === undefined ? undefined : String(toMax),
  };
  const operations: JsonPatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "test", path: "/spec/maxReplicas", value: hpa.spec.maxReplicas },
    ...traceOperations(context, order, hpa.metadata, how.intent, notes),
    { op: "replace", path: "/spec/maxReplicas", value: toMax },
  ];
  const { connection, fieldManager } = context;
  return patchHpa(connection, order.workload.namespace, name, { type: "json", operations }, { dryRun: how.dryRun, fieldManager });
}

/** Something else did not like the ceiling. */
export function undoneAtOnce(hpa: KubeHpa | undefined): ActResult {
  if (!hpa) return refused("The ceiling was written, and then the autoscaler was deleted.");
  return refused(
    `The ceiling was written, and something set it to ${hpa.spec.maxReplicas.toLocaleString("en-US")} at once: look for the tool that owns it.`,
  );
}
