import { callKube, failureOf, toStatus, type KubeAnswer } from "./answer.ts";
import type { KubeConnection, KubeRequest } from "./connection.ts";
import { pathOf } from "./path.ts";

/**
 * - `evicted`: accepted; the pod goes within its grace period.
 * - `gone`: there is no such pod (with that uid) any more, or it goes with its namespace, which is being deleted.
 * - `blocked`: a PodDisruptionBudget (`byBudget`), or a busy server, says not now.
 * - `refused`: it will not work by trying again: several budgets match.
 */
export type EvictionResult =
  | { readonly kind: "evicted" }
  | { readonly kind: "gone" }
  | { readonly kind: "blocked"; readonly reason: string; readonly byBudget: boolean; readonly retryAfterMs?: number }
  | { readonly kind: "refused"; readonly reason: string };

/** Asks for a pod's eviction; with `uid`, of no namesake. */
export async function evictPod(
  connection: KubeConnection,
  pod: { readonly namespace: string; readonly name: string; readonly uid?: string },
  options: { readonly dryRun?: boolean } = {},
): Promise<EvictionResult> {
  const request = toEviction(pod, options.dryRun === true);
  const answer = await callKube(connection, request);
  const result = toResult(answer);
  if (!result) throw failureOf(request, answer);
  return result;
}

function toEviction(
  pod: { readonly namespace: string; readonly name: string; readonly uid?: string },
  dryRun: boolean,
): KubeRequest {
  const metadata = { name: pod.name, namespace: pod.namespace };
  const deleteOptions = { ...(dryRun && { dryRun: ["All"] }), ...(pod.uid && { preconditions: { uid: pod.uid } }) };
  return {
    method: "POST",
    path: `${pathOf("v1", pod.namespace, "pods", pod.name)}/eviction`,
    query: { dryRun: dryRun ? "All" : undefined },
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata, deleteOptions },
  };
}

function toResult(answer: KubeAnswer): EvictionResult | undefined {
  const { reason, byBudget } = reasonOf(answer);
  if (answer.code < 300) return { kind: "evicted" };
  switch (answer.code) {
    case 403:
      return hasCause(answer, "NamespaceTerminating") ? { kind: "gone" } : undefined;
    case 404:
      return { kind: "gone" };
    case 409:
      // A namesake with another uid stands there, or two evictions wrote the same budget.
      return reason.includes("UID") ? { kind: "gone" } : { kind: "blocked", reason, byBudget: false };
    case 429:
      return { kind: "blocked", reason, byBudget, retryAfterMs: answer.retryAfterMs };
    case 500:
      // Any other 500 is an accident of the server's, which may pass.
      return reason.includes("more than one PodDisruptionBudget") ? { kind: "refused", reason } : undefined;
    default:
      return undefined;
  }
}

/** The cause of a 429 names the budget, and what it needs and has. */
function reasonOf({ code, body }: KubeAnswer): { readonly reason: string; readonly byBudget: boolean } {
  const { message, details } = toStatus(body);
  const budget = details?.causes?.find(({ reason }) => reason === "DisruptionBudget");
  return { reason: budget?.message ?? message ?? `the server answered ${code}`, byBudget: budget !== undefined };
}

function hasCause({ body }: KubeAnswer, wanted: string): boolean {
  return toStatus(body).details?.causes?.some(({ reason }) => reason === wanted) === true;
}
