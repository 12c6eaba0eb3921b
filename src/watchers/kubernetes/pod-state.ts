import type { KubeContainerStatus, KubePod } from "#clients/kubernetes/objects.ts";

/** Why a pod's container cannot start. */
type Blocked = "crash" | "image" | "configuration";

/** What is kept of a pod with which something is, or was, wrong. */
export interface PodState {
  /** Of its ReplicaSet, StatefulSet or DaemonSet; absent: another kind of pod. */
  readonly ownerUid?: string;
  /** Of the template that it was made from: as `pod-template-hash` or `controller-revision-hash` says. */
  readonly templateHash: string;
  readonly unscheduled: boolean;
  /** It runs and is not ready. */
  readonly unready: boolean;
  readonly blocked?: Blocked;
  readonly restarts: number;
  /** The last container that ended was killed for its memory. */
  readonly memoryKilled: boolean;
  readonly exitCode?: number;
  readonly message?: string;
}

const OWNERS = new Set(["ReplicaSet", "StatefulSet", "DaemonSet"]);
const MAX_MESSAGE = 200;
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

/** Keeps of a Pod what is wrong with it; undefined for one that is well and never restarted, that ended, or that is on its way out. Pure. */
export function findPodState({ metadata, spec, status }: KubePod): PodState | undefined {
  if (metadata.deletionTimestamp || status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const owner = metadata.ownerReferences?.find(({ kind, controller }) => controller !== false && OWNERS.has(kind));
  const unscheduled = status?.phase === "Pending" && !spec.nodeName;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].slice(0, 50);
  const restarts = containers.reduce((sum, { restartCount }) => sum + toCount(restartCount), 0);
  const ready = status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
  const trouble = findTrouble(containers, ready);
  const unready = status?.phase === "Running" && !ready;
  // Of pods that no workload owns only those that wait for a node count.
  if (!unscheduled && (!owner || !(unready || trouble.blocked || restarts > 0))) return undefined;
  const { labels } = metadata;
  const templateHash = labels?.["pod-template-hash"] ?? labels?.["controller-revision-hash"] ?? "";
  return { ownerUid: owner?.uid, templateHash, unscheduled, unready, restarts, ...trouble };
}

type Trouble = Pick<PodState, "blocked" | "memoryKilled" | "exitCode" | "message">;

function findTrouble(containers: readonly KubeContainerStatus[], ready: boolean): Trouble {
  const memoryKilled = containers.some((container) => endOf(container)?.reason === "OOMKilled");
  for (const container of containers) {
    const { reason = "", message } = container.state?.waiting ?? {};
    const blocked = REASONS[reason] ?? (isDownAgain(container, ready) ? "crash" : undefined);
    if (!blocked) continue;
    const exitCode = blocked === "crash" ? endOf(container)?.exitCode : undefined;
    return { blocked, memoryKilled, exitCode, message: blocked === "crash" ? undefined : message?.slice(0, MAX_MESSAGE) };
  }
  return { memoryKilled };
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
