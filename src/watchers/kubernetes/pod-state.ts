import type { Instant } from "#domain/workload.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";
import type { KubeContainerStatus, KubeMeta, KubeOwner, KubePod } from "#clients/kubernetes/objects.ts";

/** Why a pod's container cannot start. */
type Blocked = "crash" | "image" | "configuration";

/** What is kept of a pod with which something is, or was, wrong. */
export interface PodState {
  /** Of its ReplicaSet, StatefulSet or DaemonSet; absent: another kind of pod. */
  readonly ownerUid?: string;
  /** Of the template that it was made from: as `pod-template-hash` or `controller-revision-hash` says. */
  readonly templateHash: string;
  readonly unscheduled: boolean;
  /** Name of its node. */
  readonly node?: string;
  /** It runs and is not ready. */
  readonly unready: boolean;
  readonly blocked?: Blocked;
  readonly restarts: number;
  /** The last container that ended was killed for its memory. */
  readonly memoryKilled: boolean;
  readonly exitCode?: number;
  readonly message?: string;
  /** When the scheduler chose it to make room for a pod of higher priority. */
  readonly preemptedAt?: Instant;
}

const OWNERS = new Set(["ReplicaSet", "StatefulSet", "DaemonSet"]);
const MAX_MESSAGE = 200;
const MAX_CONTAINERS = 50;
/** One restart may be chance. */
const CRASHES = 2;

/** The reasons for which the kubelet lets a container wait that time alone does not mend (pkg/kubelet/images and kuberuntime). */
const REASONS: Readonly<Record<string, Blocked>> = {
  CrashLoopBackOff: "crash",
  ErrImagePull: "image",
  ImagePullBackOff: "image",
  ErrImageNeverPull: "image",
  InvalidImageName: "image",
  ImageInspectError: "image",
  RegistryUnavailable: "image",
  SignatureValidationFailed: "image",
  CreateContainerConfigError: "configuration",
  CreateContainerError: "configuration",
  RunContainerError: "configuration",
  PreCreateHookError: "configuration",
  PreStartHookError: "configuration",
  PostStartHookError: "configuration",
};

/** Keeps of a Pod what is wrong with it; undefined for one that is well and never restarted, that ended, or that is on its way out, unless it was preempted. Pure. */
export function findPodState({ metadata, spec, status = {} }: KubePod): PodState | undefined {
  const ownerUid = metadata.ownerReferences?.find(isOwner)?.uid;
  const preemptedAt = findPreemption(status);
  if (metadata.deletionTimestamp || hasEnded(status)) return onItsWayOut(ownerUid, hashOf(metadata), preemptedAt);
  const unscheduled = status.phase === "Pending" && !spec.nodeName;
  const at = { unscheduled, ...(spec.nodeName && { node: spec.nodeName }) };
  const state = { ownerUid, templateHash: hashOf(metadata), ...at, preemptedAt, ...readStatus(status) };
  // Of pods that no workload owns only those that wait for a node count.
  return unscheduled || isIll(state) ? state : undefined;
}

function isIll({ ownerUid, unready, blocked, restarts, preemptedAt }: PodState): boolean {
  return ownerUid !== undefined && (unready || blocked !== undefined || restarts > 0 || preemptedAt !== undefined);
}

/** Of a pod on its way out only that it was preempted is kept, until it is gone. */
function onItsWayOut(ownerUid: string | undefined, templateHash: string, preemptedAt: Instant | undefined): PodState | undefined {
  if (ownerUid === undefined || preemptedAt === undefined) return undefined;
  return { ownerUid, templateHash, unscheduled: false, unready: false, restarts: 0, memoryKilled: false, preemptedAt };
}

/** Kubernetes marks a victim so before it deletes it (KEP-3329, stable since 1.31). */
function findPreemption({ conditions = [] }: Status): Instant | undefined {
  const found = conditions.find(
    ({ type, status, reason }) => type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler",
  );
  return found && findInstant(found.lastTransitionTime);
}

function readStatus(status: Status) {
  const ready = isReady(status);
  const containers = containersOf(status);
  const restarts = containers.reduce((sum, { restartCount }) => sum + toCount(restartCount), 0);
  return { unready: status.phase === "Running" && !ready, restarts, ...findTrouble(containers, ready) };
}

function hasEnded({ phase }: Status): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

function isOwner({ kind, controller }: KubeOwner): boolean {
  return controller !== false && OWNERS.has(kind);
}

type Status = NonNullable<KubePod["status"]>;

function isReady({ conditions = [] }: Status): boolean {
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function containersOf({ initContainerStatuses, containerStatuses }: Status): KubeContainerStatus[] {
  return [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])].slice(0, MAX_CONTAINERS);
}

function hashOf({ labels = {} }: KubeMeta): string {
  return labels["pod-template-hash"] ?? labels["controller-revision-hash"] ?? "";
}

type Trouble = Pick<PodState, "blocked" | "memoryKilled" | "exitCode" | "message">;

function findTrouble(containers: readonly KubeContainerStatus[], ready: boolean): Trouble {
  const memoryKilled = containers.some((container) => endOf(container)?.reason === "OOMKilled");
  for (const container of containers) {
    const blocked = findBlocked(container, ready);
    if (blocked === "crash") return { blocked, memoryKilled, exitCode: endOf(container)?.exitCode };
    if (blocked) return { blocked, memoryKilled, message: container.state?.waiting?.message?.slice(0, MAX_MESSAGE) };
  }
  return { memoryKilled };
}

function findBlocked(container: KubeContainerStatus, ready: boolean): Blocked | undefined {
  return REASONS[container.state?.waiting?.reason ?? ""] ?? (isDownAgain(container, ready) ? "crash" : undefined);
}

/** Between two waits a crashing container runs for a moment, or has just ended. */
function isDownAgain(container: KubeContainerStatus, ready: boolean): boolean {
  const exit = endOf(container)?.exitCode ?? 0;
  return !ready && container.ready !== true && toCount(container.restartCount) >= CRASHES && exit !== 0;
}

function endOf({ state, lastState }: KubeContainerStatus) {
  return state?.terminated ?? lastState?.terminated ?? undefined;
}

function toCount(value: number | undefined): number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
