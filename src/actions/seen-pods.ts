import type { KubeNode, KubePod } from "#clients/kubernetes/objects.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { Instant } from "#domain/workload.ts";
import type { Room } from "#domain/rollout.ts";
import { listAll } from "#clients/kubernetes/list.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { requested } from "./pods.ts";

/** What a forecast needs of a pod. */
export interface SeenPod extends Room {
  /** Undefined: it waits for a node. */
  readonly node?: string;
  /** Of the workload that is asked about. */
  readonly own: boolean;
  /** A DaemonSet's: every new node has one too. */
  readonly daemon: boolean;
  readonly createdAt: Instant;
  readonly scheduledAt?: Instant;
  readonly readyAt?: Instant;
}

/** All pods of the cluster that have not ended, without their bulk: there may be thousands. `owners`: uids of what makes our pods. */
export function readSeenPods(connection: KubeConnection, owners: ReadonlySet<string>): Promise<SeenPod[]> {
  return listAll(connection, pathOf("v1", undefined, "pods"), {}, (raw) => toSeenPod(raw as KubePod, owners));
}

function toSeenPod({ metadata, spec, status = {} }: KubePod, owners: ReadonlySet<string>): SeenPod | undefined {
  if (status.phase === "Succeeded" || status.phase === "Failed") return undefined;
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  const since = (type: string) =>
    findInstant(status.conditions?.find((one) => one.type === type && one.status === "True")?.lastTransitionTime);
  return {
    node: spec.nodeName,
    own: controller !== undefined && owners.has(controller.uid),
    daemon: controller?.kind === "DaemonSet",
    createdAt: findInstant(metadata.creationTimestamp) ?? 0,
    scheduledAt: since("PodScheduled"),
    readyAt: since("Ready"),
    cores: requested(spec, "cpu"),
    memory: requested(spec, "memory"),
    pods: 1,
  };
}

/** So many of the newest are asked: the older ones ran under other conditions. */
const ASKED = 100;

/** From its creation to being ready, of nine in ten of the workload's newest pods: a batch is over when its last pods are ready. */
export function secondsToReady(pods: readonly SeenPod[], nodes: readonly KubeNode[]): number | undefined {
  const own = newest(pods.filter(({ own }) => own)).filter((pod) => !waitedForNode(pod, bornAtOf(nodes)));
  const took = own.flatMap(({ createdAt, readyAt }) => (readyAt === undefined ? [] : [(readyAt - createdAt) / 1_000]));
  // The API server tells whole seconds: none at all is up to one.
  return took.length === 0 ? undefined : Math.max(1, share(took, 0.9));
}

/** From a pod that found no room to its place: the median of the newest pods, of any workload, that are older than their node. */
export function secondsToNode(pods: readonly SeenPod[], nodes: readonly KubeNode[]): number | undefined {
  const bornAt = bornAtOf(nodes);
  const waited = newest(pods.filter((pod) => waitedForNode(pod, bornAt)));
  const took = waited.flatMap(({ createdAt, scheduledAt }) =>
    scheduledAt === undefined ? [] : [(scheduledAt - createdAt) / 1_000],
  );
  return took.length === 0 ? undefined : share(took, 0.5);
}

function bornAtOf(nodes: readonly KubeNode[]): ReadonlyMap<string, Instant> {
  return new Map(nodes.map(({ metadata }) => [metadata.name, findInstant(metadata.creationTimestamp) ?? 0]));
}

/** A DaemonSet's pods are made for their node. */
function waitedForNode({ node = "", createdAt, daemon }: SeenPod, bornAt: ReadonlyMap<string, Instant>): boolean {
  return !daemon && createdAt < (bornAt.get(node) ?? 0);
}

function newest(pods: readonly SeenPod[]): SeenPod[] {
  return pods.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, ASKED);
}

/** The value that so many are at or below. */
function share(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? 0;
}
