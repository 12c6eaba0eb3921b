import type { Called } from "#domain/audit.ts";
import type { Instant } from "#domain/workload.ts";
import { workloadKey } from "#domain/workload.ts";
import type { StepOrder } from "#domain/order.ts";
import { digestOf } from "#lib/digest.ts";
import type { Enqueue } from "./jobs.ts";

/**
 * In the cluster's agent: hands on what was sent before a look or an act ended without a result; it is tried again. Attempts that sent the same, with the same
 * end, are one within a day: an outage is no flood.
 */
export function createReportInterruption({ enqueue, now }: { readonly enqueue: Enqueue; readonly now: () => Instant }) {
  return async (
    { incidentId, stepId, workload }: StepOrder,
    by: string | undefined,
    sent: Called & { readonly text: string },
  ): Promise<void> => {
    const key = `interrupted/${incidentId}/${stepId}/${digestOf([by, sent]).slice(0, 16)}`;
    const what = { what: "interrupted", by: by ?? "k8s-why", incidentId, stepId, on: workloadKey(workload), ...sent } as const;
    await enqueue("interrupted", { entry: { ...what, key, at: now() } }, { id: key });
  };
}
