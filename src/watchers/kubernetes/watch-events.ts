import type { KubeEvent, KubeMeta } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import type { Reflector } from "#clients/kubernetes/reflector.ts";
import { STATUS_NAME, STATUS_NAMESPACE, findAutoscalerProblem } from "./autoscaler-status.ts";
import { toClusterEvent } from "./cluster-event.ts";
import { type ClusterWatchOptions, reflect } from "./reflect.ts";

/** Who adds and removes nodes; they say so in events of type Normal. */
const NODE_AUTOSCALERS = ["cluster-autoscaler", "karpenter"];

/** Warnings, and what node autoscalers say. */
export function startEvents(options: ClusterWatchOptions, scope: string | undefined): Reflector<unknown>[] {
  const selectors = ["type=Warning", ...NODE_AUTOSCALERS.map((component) => `type=Normal,source=${component}`)];
  return selectors.map((fieldSelector) =>
    reflect(options, pathOf("v1", scope, "events"), {
      fieldSelector,
      project: (raw: KubeEvent) => toClusterEvent(raw),
      onUpsert: (event) => options.emit(event),
      onRemove: () => {},
    }),
  );
}

/** What Cluster Autoscaler says of itself, in its ConfigMap, where there is one. */
export function startAutoscalerStatus(options: ClusterWatchOptions): Reflector<unknown> {
  const { emit, now } = options;
  const tell = (problem: string | undefined) => emit({ kind: "node-autoscaler", at: now(), problem });
  return reflect(options, pathOf("v1", STATUS_NAMESPACE, "configmaps"), {
    fieldSelector: `metadata.name=${STATUS_NAME}`,
    // It is written anew every ten seconds: only another answer is told.
    project: (raw: { readonly metadata: KubeMeta; readonly data?: { readonly status?: string } }) => ({
      problem: findAutoscalerProblem(raw.data?.status),
    }),
    onUpsert: ({ problem }, old) => {
      if (problem !== old?.problem) tell(problem);
    },
    onRemove: () => tell(undefined),
  });
}
