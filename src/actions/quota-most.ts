import type { WorkloadRef } from "#domain/workload.ts";
import { messageOf } from "#lib/errors.ts";
import { readWorkload } from "#clients/kubernetes/workloads.ts";
import type { ActionContext } from "./action.ts";
import { readQuotaRoom } from "./quota-room.ts";

/** How many replicas the quotas of its namespace let a workload have at most; undefined where none stands in the way, or nobody can tell. */
export async function readQuotaMost(
  { connection, log }: Pick<ActionContext, "connection" | "log">,
  workload: WorkloadRef,
): Promise<number | undefined> {
  try {
    const found = await readWorkload(connection, workload);
    const spec = found?.spec.template.spec;
    if (!found || !spec) return undefined;
    const rooms = await readQuotaRoom(connection, workload.namespace, spec);
    const { replicas = 0 } = (found.status ?? {}) as { readonly replicas?: number };
    return rooms.length === 0 ? undefined : replicas + Math.min(...rooms.map(({ pods }) => pods));
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "Quotas could not be read");
    return undefined;
  }
}
