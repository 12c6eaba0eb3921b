import type { WorkloadKind } from "#domain/workload.ts";
import { count, counted } from "./action.ts";
import { toReplacement } from "./surge.ts";
import type { LiveWorkload } from "./workload-act.ts";

/** Sentences: how a rollout replaces the pods of a workload. */
export function replacementOf(kind: WorkloadKind, workload: LiveWorkload): string[] {
  const { spec, status } = workload;
  if (kind === "StatefulSet")
    return [`All ${counted(spec.replicas ?? 1, "pod")} are replaced, one after another, the highest number first.`];
  if (kind === "DaemonSet") return [`All ${counted(status?.desiredNumberScheduled ?? 0, "pod")} are replaced, node by node.`];
  const replacement = toReplacement(workload);
  if (replacement.kind === "recreate")
    return [
      `All ${counted(replacement.replicas, "pod")} are stopped before the first new one starts: it does not serve meanwhile.`,
    ];
  const { replicas, surge, readyAtLeast } = replacement;
  return [
    `All ${counted(replicas, "pod")} are replaced step by step: up to ${count(surge)} more for a while, ${count(readyAtLeast)} kept ready at least.`,
    ...(surge >= 20
      ? [`The ${count(surge)} need room: where there is none, nodes may be added for some minutes before it gets better.`]
      : []),
  ];
}
