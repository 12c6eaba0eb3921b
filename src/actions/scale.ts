import type { ActResult, Choices, StepOrder } from "#domain/order.ts";
import type { ScaleIntent } from "#domain/intent.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused, stale } from "./action.ts";
import { autoscalersOf, findScaledObject } from "./ceiling.ts";
import { countWarnings } from "./count-warnings.ts";
import { createWorkloadAct, type LiveWorkload, type WorkloadAim } from "./workload-act.ts";

/** Sets the count of a workload that has no autoscaler; while a replica works hard, never below what serves. */
export function createScale(context: ActionContext): Action<ScaleIntent> {
  return createWorkloadAct<ScaleIntent>(context, {
    what: "set the count",
    field: "replicas",
    refuseKind: (kind, title) =>
      kind === "DaemonSet"
        ? `${title} is a DaemonSet: it runs a pod on every node that it fits on, and has no count to set.`
        : undefined,
    isDone: ({ spec }, { to }) => (spec.replicas ?? 1) === to,
    aim: async (workload, order, approved) => {
      const no = await scaledBySomethingElse(context, order);
      if (no) return no;
      const chosen = approved ? approvedCount(workload, order, approved) : chosenCount(workload, order);
      return chosen.kind === "count" ? toAim(context, workload, order, chosen) : chosen;
    },
  });
}

async function scaledBySomethingElse({ connection }: ActionContext, { workload, replicas }: StepOrder) {
  const [hpa] = await autoscalersOf(connection, workload);
  if (!hpa) return undefined;
  const { namespace, name } = workload;
  const scaledObject = findScaledObject(hpa);
  if (scaledObject !== undefined)
    return refused(
      `KEDA's ScaledObject "${scaledObject}" scales ${namespace}/${name} and would set the count back. Pin it there: \`kubectl -n ${namespace} annotate scaledobject ${scaledObject} autoscaling.keda.sh/paused-replicas=${replicas ?? "N"}\``,
    );
  return refused(
    `The autoscaler "${hpa.metadata.name}" scales ${namespace}/${name} and would set the count back: cap or lower its ceiling instead, or raise its minimum.`,
  );
}

interface Chosen {
  readonly kind: "count";
  readonly to: number;
  readonly choices?: Choices;
}

/** No fewer than this: what serves now, while it works hard. */
function floorOf({ status }: LiveWorkload, { isBusy }: StepOrder): number {
  return isBusy === true ? (status?.readyReplicas ?? 0) : 0;
}

function approvedCount(workload: LiveWorkload, order: StepOrder, { from, to }: ScaleIntent): Chosen | ActResult {
  const now = workload.spec.replicas ?? 1;
  if (now === to) return alreadyDone(`${counted(to, "replica")} are wanted already.`);
  if (now !== from) return stale(`The count moved from ${count(from)} to ${count(now)}.`);
  const floor = floorOf(workload, order);
  if (to < Math.min(floor, from)) return stale(`${counted(floor, "replica")} serve and work hard: ${count(to)} are too few now.`);
  return { kind: "count", to };
}

/** The usual count is suggested; around it and around what runs now there are others. */
function chosenCount(workload: LiveWorkload, order: StepOrder): Chosen | ActResult {
  const now = workload.spec.replicas ?? 1;
  const usual = order.replicas;
  const floor = Math.min(floorOf(workload, order), now);
  const named = new Map<number, string>();
  const offer = (value: number, text: string) => {
    const safe = Math.max(value, floor);
    const why = safe === value ? text : "as many as serve now";
    if (safe !== now && !named.has(safe)) named.set(safe, why);
  };
  if (usual !== undefined) {
    offer(usual, order.stepId.startsWith("undo") ? "as before" : "usual");
    if (usual > 0) offer(usual * 2, "twice the usual");
  }
  if (now > 1) offer(Math.ceil(now / 2), "half of now");
  offer(Math.max(1, Math.ceil(now * 1.5)), "half as many again");
  offer(Math.max(1, now * 2), "twice what is wanted now");
  const suggested = [...named.keys()][0];
  const to = order.choice === undefined ? suggested : [...named.keys()].find((value) => String(value) === order.choice);
  if (to === undefined) return refused(`A count of ${order.choice?.slice(0, 20)} can no longer be chosen: look again.`);
  const options = [...named]
    .sort(([a], [b]) => a - b)
    .map(([value, why]) => ({ value: String(value), text: `${count(value)}: ${why}` }));
  return { kind: "count", to, choices: { label: "Replicas", options, chosen: String(to) } };
}

async function toAim(
  context: ActionContext,
  workload: LiveWorkload,
  order: StepOrder,
  { to, choices }: Chosen,
): Promise<WorkloadAim<ScaleIntent>> {
  const from = workload.spec.replicas ?? 1;
  const { metadata } = workload;
  return {
    kind: "aim",
    intent: { kind: "scale", workload: order.workload, uid: metadata.uid, from, to },
    operations: [
      { op: "test", path: "/spec/replicas", value: from },
      { op: "replace", path: "/spec/replicas", value: to },
    ],
    effects: [
      to > from
        ? `${counted(to - from, "pod")} are added at once.`
        : `${counted(from - to, "pod")} are stopped at once: a scale-down asks no disruption budget.`,
      ...(to === 0 ? ["Nothing of it runs then."] : []),
    ],
    changes: [{ what: "Replicas", before: count(from), after: count(to) }],
    warnings: await countWarnings(context, workload, from, to),
    done: `${counted(to, "replica")} of ${order.workload.name} are wanted now (were ${count(from)}).`,
    ...(choices && { choices }),
  };
}
