import { asFields } from "./call.ts";
import { disruptionStatus, isHealthy } from "./disruption.ts";
import { toMatcher } from "./selectors.ts";
import { StatusError, badRequest } from "./status-error.ts";
import { readDeleteOptions, removeObject } from "./remove.ts";
import { find, type WriteContext } from "./write.ts";
import type { Answer, Call, Target } from "./call.ts";
import type { KubeObject } from "./types.ts";

/**
 * Answers a POST of an Eviction: deletes the pod where its budget allows it, 429 where it does not, 500 where several budgets
 * match. Budgets are counted afresh, so two evictions in a row never take the same place.
 */
export function evict(context: WriteContext, target: Target, call: Call): Answer {
  const body = asFields(call.body);
  if (asFields(body["metadata"])["name"] !== target.name) throw badRequest("name in URL does not match name in Eviction object");
  const pod = find(context.store, target);
  const given = asFields(body["deleteOptions"]);
  const dryRun = call.dryRun || (Array.isArray(given["dryRun"]) && given["dryRun"].includes("All"));
  if (needsBudget(pod)) checkBudget(context, pod);
  removeObject(context, target, pod, readDeleteOptions(given, call.query), dryRun);
  return { code: 201, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 } };
}

/** A pod that serves nobody is evicted without asking. */
function needsBudget({ metadata, status }: KubeObject): boolean {
  return !metadata.deletionTimestamp && status?.["phase"] === "Running";
}

function checkBudget({ store, now }: WriteContext, pod: KubeObject): void {
  const matching = [...store.list("policy/v1/poddisruptionbudgets", pod.metadata.namespace)].filter(({ spec }) =>
    toMatcher(asFields(spec?.["selector"]))(pod),
  );
  if (matching.length > 1) {
    throw new StatusError(
      500,
      "",
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  }
  const [budget] = matching;
  if (!budget) return;
  const status = disruptionStatus(store, budget, now());
  const healthy = Number(status["currentHealthy"]);
  const desired = Number(status["desiredHealthy"]);
  // An unready pod takes nothing from a budget that is met.
  const free =
    !isHealthy(pod) && (budget.spec?.["unhealthyPodEvictionPolicy"] === "AlwaysAllow" || (healthy >= desired && desired > 0));
  if (free || Number(status["disruptionsAllowed"]) > 0) return;
  const message = `The disruption budget ${budget.metadata.name} needs ${desired} healthy pods and has ${healthy} currently`;
  const causes = [{ reason: "DisruptionBudget", message }];
  throw new StatusError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", { causes });
}
