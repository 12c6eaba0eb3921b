import type { AutoscalerEdit, Scaling } from "#domain/change.ts";
import { workloadKey, type Instant } from "#domain/workload.ts";
import type { ScalerState } from "./autoscaler-state.ts";
import type { DeploymentState } from "./deployment-state.ts";
import { isAutoscaler, type Editor } from "./editor.ts";

/** Our field manager: what we did is told by the step that did it. */
const US = "k8s-why";

/** A change of `spec.replicas` by somebody who is neither the autoscaler nor us. `scaled`: does it have an autoscaler? Pure. */
export function findScaling(old: DeploymentState, next: DeploymentState, scaled: boolean, now: Instant): Scaling | undefined {
  if (old.desired === next.desired) return undefined;
  const editor = next.scaledBy;
  if (isAutoscaler(editor) || editor?.tool === US || (!editor && scaled)) return undefined;
  const workload = workloadKey(next.workload);
  return {
    kind: "scaling",
    id: `scaling/${workload}/${next.uid}/${next.generation}`,
    at: momentOf(editor, old.scaledBy, now),
    workload,
    from: old.desired,
    to: next.desired,
    tool: editor?.tool,
  };
}

/** A change of an autoscaler's bounds, ours too: who reads the thread should see it. Pure. */
export function findAutoscalerEdit(
  cluster: string,
  old: ScalerState,
  next: ScalerState,
  now: Instant,
): AutoscalerEdit | undefined {
  const from = { min: old.autoscaler.min, max: old.autoscaler.max };
  const to = { min: next.autoscaler.min, max: next.autoscaler.max };
  if (from.min === to.min && from.max === to.max) return undefined;
  const workload = workloadKey({ cluster, namespace: next.namespace, name: next.target });
  const at = momentOf(next.editedBy, old.editedBy, now);
  const id = `autoscaler-edit/${workload}/${next.autoscaler.uid}/${from.min}-${from.max}/${to.min}-${to.max}/${at}`;
  return { kind: "autoscaler-edit", id, at, workload, from, to, tool: next.editedBy?.tool };
}

/** The time of the write where it says one that is new, else now. */
export function momentOf(editor: Editor | undefined, before: Editor | undefined, now: Instant): Instant {
  const isNew = editor?.at !== undefined && editor.at <= now && editor.at > (before?.at ?? 0);
  return isNew && editor.at !== undefined ? editor.at : now;
}
