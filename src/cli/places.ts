import type { Change } from "#domain/change.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import type { IncidentRow } from "#watchers/files/incidents.ts";

/** Which workloads and clusters the changes so far have named; as many as there are, however long the file. */
export interface Places {
  readonly note: (change: Change) => void;
  /**
   * The incident's workload; else one that has the name of one of its services; else a nameless one of the cluster that was named last,
   * to which every change of that cluster is another's. Undefined while no change has named a cluster.
   */
  readonly findWorkload: (incident: Pick<IncidentRow, "workload" | "services">) => WorkloadKey | undefined;
}

/** Knows nothing yet. */
export function createPlaces(): Places {
  const byName = new Map<string, WorkloadKey>();
  let cluster: string | undefined;
  const noteWorkload = (key: WorkloadKey) => {
    const [first = "", namespace = "", name = ""] = key.split("/");
    cluster = first;
    for (const called of [key, `${namespace}/${name}`, name]) byName.set(called, key);
  };
  return {
    note: (change) => {
      if ("workload" in change) noteWorkload(change.workload);
      if ("cluster" in change) cluster = change.cluster;
    },
    findWorkload: ({ workload, services = [] }) => {
      if (workload !== undefined) return workload;
      for (const service of services) {
        const found = byName.get(service);
        if (found !== undefined) return found;
      }
      return cluster === undefined ? undefined : `${cluster}/-/-`;
    },
  };
}
