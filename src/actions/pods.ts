import { listPages } from "#clients/kubernetes/list.ts";
import { listPodsOnNode } from "#clients/kubernetes/api.ts";
import type { KubeContainer, KubeMeta, KubeOwner, KubePod, KubePodSpec } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { ActionContext } from "./action.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";

/**
 * - `evict`: its controller makes another one elsewhere.
 * - `ignore`: it belongs to the node (DaemonSet, mirror pod), or has ended.
 * - `keep`: moving it would lose something; `why` completes "it ...".
 */
type Fate = { readonly kind: "evict" } | { readonly kind: "ignore" } | { readonly kind: "keep"; readonly why: string };

/** What is kept of a pod on a node. */
export interface NodePod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  /** Labels that its node must have. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Name of what made it and would make another one. */
  readonly controller?: string;
  readonly fate: Fate;
  /** It takes no room any more. */
  readonly ended: boolean;
  /** Its deletion has begun. */
  readonly going: boolean;
  readonly ready: boolean;
  /** Seconds from when it had a node until it was ready. */
  readonly startSeconds?: number;
  /** So long it may take to end. */
  readonly graceSeconds: number;
  /** Cores and bytes of memory that it requests. */
  readonly cores: number;
  readonly memory: number;
}

/** Where to look, and which namespaces nobody touches. */
type Looking = Pick<ActionContext, "connection" | "isProtected">;

/** Every pod that is bound to a node, without its bulk: there may be thousands. */
export async function readBoundPods({ connection, isProtected }: Looking): Promise<NodePod[]> {
  for (let tries = 0; tries < 3; tries += 1) {
    const pods: NodePod[] = [];
    const result = await listPages(connection, { path: pathOf("v1", undefined, "pods") }, (raw) => {
      const pod = toNodePod(raw as KubePod, isProtected);
      if (pod) pods.push(pod);
    });
    if (result.kind === "listed") return pods;
  }
  throw new TemporaryError("Cannot list the pods: the pages expired three times");
}

/** The pods of one node. */
export async function readPodsOn({ connection, isProtected }: Looking, node: string): Promise<NodePod[]> {
  const pods = await listPodsOnNode(connection, node);
  return pods.map((pod) => toNodePod(pod, isProtected)).filter((pod) => pod !== undefined);
}

function toNodePod(pod: KubePod, isProtected: Looking["isProtected"]): NodePod | undefined {
  const { metadata, spec } = pod;
  if (!spec.nodeName) return undefined;
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    uid: metadata.uid,
    labels: metadata.labels ?? {},
    node: spec.nodeName,
    ...(spec.nodeSelector && { selector: spec.nodeSelector }),
    controller: controllerOf(pod)?.name,
    fate: fateOf(pod, isProtected),
    ended: hasEnded(pod),
    going: metadata.deletionTimestamp !== undefined,
    ...readinessOf(pod),
    graceSeconds: spec.terminationGracePeriodSeconds ?? 30,
    cores: requested(spec, "cpu"),
    memory: requested(spec, "memory"),
  };
}

/** One that became unready and ready again long after its start says nothing of how long a start takes. */
const LONGEST_START = 600;

function readinessOf({ metadata, status }: KubePod): Pick<NodePod, "ready" | "startSeconds"> {
  const condition = (wanted: string) => status?.conditions?.find(({ type }) => type === wanted);
  const ready = condition("Ready");
  if (ready?.status !== "True") return { ready: false };
  const since = condition("PodScheduled")?.lastTransitionTime ?? metadata.creationTimestamp;
  const seconds = (Date.parse(ready.lastTransitionTime ?? "") - Date.parse(since)) / 1_000;
  return seconds >= 0 && seconds <= LONGEST_START ? { ready: true, startSeconds: seconds } : { ready: true };
}

/** `kubectl drain`'s rules, and the annotations by which a pod asks node autoscalers to leave it alone. */
function fateOf(pod: KubePod, isProtected: Looking["isProtected"]): Fate {
  const controller = controllerOf(pod);
  if (belongsToNode(pod, controller) || hasEnded(pod)) return { kind: "ignore" };
  if (isProtected(pod.metadata.namespace ?? "")) return { kind: "keep", why: "is in a protected namespace" };
  if (!controller) return { kind: "keep", why: "has no controller that would make another one" };
  if (pod.spec.volumes?.some(({ emptyDir }) => emptyDir)) return { kind: "keep", why: "keeps data in an emptyDir" };
  if (asksToStay(pod)) return { kind: "keep", why: "says that it must not be evicted" };
  return { kind: "evict" };
}

function asksToStay({ metadata }: KubePod): boolean {
  return metadata.annotations?.[unevictable] === "false" || forbidsKarpenter(metadata);
}

function controllerOf({ metadata }: KubePod): KubeOwner | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true);
}

function belongsToNode({ metadata }: KubePod, controller: KubeOwner | undefined): boolean {
  return controller?.kind === "DaemonSet" || metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}

function hasEnded({ status }: KubePod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

const unevictable = "cluster-autoscaler.kubernetes.io/safe-to-evict";

/** A pod, a node or a NodeClaim that Karpenter must leave alone; a duration counts as a yes. */
export function forbidsKarpenter({ annotations }: Pick<KubeMeta, "annotations">): boolean {
  const value = annotations?.["karpenter.sh/do-not-disrupt"];
  return value !== undefined && value !== "false";
}

/** A pod that forbids to empty its node. */
export function keptPod(pods: readonly NodePod[] = []): NodePod | undefined {
  return pods.find(({ fate, going }) => fate.kind === "keep" && !going);
}

/**
 * Cores or bytes that a pod asks for. Init containers run one after another before the others, so the greater of both counts. In a
 * template a request may be missing where there is a limit: the pod gets that one.
 */
export function requested({ containers, initContainers = [] }: KubePodSpec, resource: "cpu" | "memory"): number {
  const of = ({ resources }: KubeContainer) =>
    findQuantity(resources?.requests?.[resource] ?? resources?.limits?.[resource]) ?? 0;
  const together = containers.reduce((sum, container) => sum + of(container), 0);
  return Math.max(together, ...initContainers.map(of));
}
