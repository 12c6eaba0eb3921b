import type { DeploymentState } from "./deployment-state.ts";
import type { Revision } from "./revision.ts";

/** The revision that is wanted now: a Deployment says its number, a StatefulSet its name; of a DaemonSet it is the last. */
export function findCurrent(siblings: Iterable<Revision>, deployment: DeploymentState): Revision | undefined {
  const { revision, updateRevision } = deployment;
  let last: Revision | undefined;
  for (const sibling of siblings) {
    if (revision !== undefined ? sibling.revision === revision : sibling.templateHash === updateRevision) return sibling;
    if (sibling.revision > (last?.revision ?? 0)) last = sibling;
  }
  return deployment.workload.kind === "DaemonSet" ? last : undefined;
}
