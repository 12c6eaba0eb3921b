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
const ASKED = 50;

/** From having a node to being ready: the median of the workload's newest pods. A second at least: the API server tells no less. */
export function secondsToReady(pods: readonly SeenPod[]): number | undefined {
  const took = newest(pods.filter(({ own }) => own)).flatMap(({ createdAt, scheduledAt = createdAt, readyAt }) =>
    readyAt === undefined ? [] : [Math.max(1, (readyAt - scheduledAt) / 1_000)],
  );
  return median(took);
}

/** From a pod that found no room to its place: the median of the newest pods, of any workload, that are older than their node. */
export function secondsToNode(pods: readonly SeenPod[], nodes: readonly KubeNode[]): number | undefined {
  const bornAt = new Map(nodes.map(({ metadata }) => [metadata.name, findInstant(metadata.creationTimestamp) ?? 0]));
  const waited = pods.filter(
    ({ node, createdAt, daemon }) => !daemon && node !== undefined && createdAt < (bornAt.get(node) ?? 0),
  );
  return median(
    newest(waited).flatMap(({ createdAt, scheduledAt }) =>
      scheduledAt === undefined ? [] : [(scheduledAt - createdAt) / 1_000],
    ),
  );
}

function newest(pods: readonly SeenPod[]): SeenPod[] {
  return pods.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, ASKED);
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
