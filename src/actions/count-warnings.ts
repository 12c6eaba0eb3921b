import { listPdbs } from "#clients/kubernetes/api.ts";
import { resolvePercent } from "#clients/kubernetes/quantity.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { type ActionContext, count, counted } from "./action.ts";
import { matches } from "./budgets.ts";
import { readQuotaRoom } from "./quota-room.ts";
import type { LiveWorkload } from "./workload-act.ts";

/** What stands in the way of another count: quotas of more pods, disruption budgets of fewer. What cannot be read holds nobody up. */
export async function countWarnings(context: ActionContext, workload: LiveWorkload, from: number, to: number): Promise<string[]> {
  const look = to > from ? quotaWarnings(context, workload, to - from) : budgetWarnings(context, workload, to);
  return look.catch((error: unknown) => {
    if (error instanceof TemporaryError) throw error;
    context.log.info({ error: messageOf(error) }, "Limits of the count cannot be read");
    return [`Whether ${to > from ? "a quota" : "a disruption budget"} is in the way could not be looked up.`];
  });
}

async function quotaWarnings({ connection }: ActionContext, workload: LiveWorkload, added: number): Promise<string[]> {
  const { metadata, spec } = workload;
  const rooms = await readQuotaRoom(connection, metadata.namespace ?? "", spec.template.spec ?? { containers: [] });
  return rooms
    .filter(({ pods }) => pods < added)
    .map(
      ({ name, resource, pods }) =>
        `The quota "${name}" has room for ${counted(pods, "more pod")} (${resource}): ${count(added - pods)} of them will not start.`,
    );
}

async function budgetWarnings({ connection }: ActionContext, { metadata, spec }: LiveWorkload, to: number): Promise<string[]> {
  const { namespace = "" } = metadata;
  const budgets = await listPdbs(connection, namespace);
  const labels = spec.template.metadata?.labels ?? {};
  return budgets.flatMap(({ metadata: { name }, spec: { selector, minAvailable } }) => {
    if (minAvailable === undefined || !matches(selector, labels)) return [];
    const least = resolvePercent(minAvailable, to, "up");
    if (least < to) return [];
    return [
      `The disruption budget "${name}" wants ${counted(least, "ready pod")}: with ${count(to)} no node under them can be drained any more.`,
    ];
  });
}
