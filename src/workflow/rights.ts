import type { Rights } from "#domain/rights.ts";
import type { RightsPort } from "#domain/ports/store.ts";
import { type WorkloadRef, workloadKey } from "#domain/workload.ts";
import type { Enqueue, JobData } from "./jobs.ts";

/** In the cluster's agent: asks what it may do to a workload, writes that down, and has the incident looked at again. */
export function createCheckRights(
  verbs: Pick<RightsPort, "saveRights"> & {
    readonly rightsTo: (workload: WorkloadRef) => Promise<Rights>;
    readonly enqueue: Enqueue;
  },
): (data: JobData<"rights">) => Promise<void> {
  return async ({ incidentId, workload }) => {
    const rights = await verbs.rightsTo(workload);
    await verbs.saveRights(workload.cluster, workloadKey(workload), rights);
    await verbs.enqueue("tick", { incidentId }, { id: `tick/${incidentId}/rights/${rights.at}` });
  };
}
