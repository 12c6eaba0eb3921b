import type { Approval } from "#domain/order.ts";
import type { WorkloadKey } from "#domain/workload.ts";

/** What is claimed before a cluster is touched: one step at a time for a workload, and one person's. */
export function workloadClaim(
  key: WorkloadKey,
  stepId: string,
  { by, second }: Pick<Approval, "by" | "second">,
): { readonly name: string; readonly owner: string } {
  return { name: `act/${key}`, owner: `${stepId}/${second ?? by}` };
}
