import type { Instant } from "#domain/workload.ts";
import { readDeployment } from "#clients/kubernetes/api.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { ActionContext } from "./action.ts";
import type { NodePod } from "./pods.ts";

const SHARE = 0.1;
/** Its status needs a moment to tell of the last eviction. Clock milliseconds. */
const UNTIL_TOLD_MS = 4_000;

/**
 * Lets pods of one workload go a few at a time, over all nodes that are emptied together. The youngest nodes hold mostly pods of the
 * workload that they were bought for, and where no disruption budget protects it, an eviction is never refused.
 */
export interface Pace {
  /** May this pod be evicted now? A yes counts as an eviction. */
  mayGo(pod: NodePod): Promise<boolean>;
  /** The eviction that was allowed did not happen: another pod may go instead. */
  stayed(pod: NodePod): Promise<void>;
}

interface Allowance {
  left: number;
  /** Of the look, or the last yes. */
  at: Instant;
}

/** So many of a workload's pods may be away because of us at once: a tenth, and one at least. */
export function shareOf(replicas: number): number {
  return Math.max(1, Math.floor(replicas * SHARE));
}

/** For one act. */
export function createPace({ connection, clock }: Pick<ActionContext, "connection" | "clock">): Pace {
  const allowances = new Map<string, Promise<Allowance>>();
  /** What was missing before we began is not ours: it holds nothing up. */
  const missingBefore = new Map<string, number>();

  const look = async (key: string, { namespace }: NodePod, deployment: string | undefined): Promise<Allowance> => {
    const found = deployment === undefined ? undefined : await readDeployment(connection, namespace, deployment);
    const replicas = found?.spec.replicas ?? 1;
    const missing = found ? Math.max(0, replicas - (found.status?.readyReplicas ?? 0)) : 0;
    const before = Math.min(missingBefore.get(key) ?? missing, missing);
    missingBefore.set(key, before);
    return { left: shareOf(replicas) - (missing - before), at: clock.now() };
  };

  const allowanceOf = async (pod: NodePod): Promise<Allowance> => {
    const { key, deployment } = workloadOf(pod);
    for (;;) {
      const held = allowances.get(key);
      const known = await held;
      if (known && clock.now() - known.at < UNTIL_TOLD_MS) return known;
      // Another node's turn may have looked meanwhile.
      if (allowances.get(key) !== held) continue;
      allowances.set(key, look(key, pod, deployment));
      try {
        return await (allowances.get(key) as Promise<Allowance>);
      } catch (error) {
        allowances.delete(key);
        throw error;
      }
    }
  };

  return {
    mayGo: async (pod) => {
      const allowance = await allowanceOf(pod);
      if (allowance.left <= 0) return false;
      allowance.left -= 1;
      allowance.at = clock.now();
      return true;
    },
    stayed: async (pod) => void ((await allowanceOf(pod)).left += 1),
  };
}

/** What a pod is one of; a Deployment's ReplicaSet is named after it and the hash of its template. */
export function workloadOf({ namespace, name, controller, labels }: NodePod): {
  readonly key: string;
  readonly deployment?: string;
} {
  const ending = `-${labels["pod-template-hash"]}`;
  const deployment = controller?.endsWith(ending) ? controller.slice(0, -ending.length) : undefined;
  return { key: `${namespace}/${deployment ?? controller ?? name}`, ...(deployment !== undefined && { deployment }) };
}

/** The share of each of these pods' Deployments, by workload; one pod at a time of anything else. */
export async function readShares(connection: KubeConnection, pods: readonly NodePod[]): Promise<(workload: string) => number> {
  const shares = new Map<string, number>();
  const firsts = new Map(pods.map((pod) => [workloadOf(pod).key, pod]));
  for (const [key, pod] of firsts) {
    const { deployment } = workloadOf(pod);
    const found = deployment === undefined ? undefined : await readDeployment(connection, pod.namespace, deployment);
    shares.set(key, shareOf(found?.spec.replicas ?? 1));
  }
  return (workload) => shares.get(workload) ?? 1;
}
