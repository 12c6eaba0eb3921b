import type { RestartIntent } from "#domain/intent.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { JsonPatchOperation } from "#clients/kubernetes/api.ts";
import { type Action, type ActionContext, refused, stale } from "./action.ts";
import { annotationPath } from "./traces.ts";
import { readHistory } from "./history.ts";
import { foretellRollout, notForetold } from "./rollout-facts.ts";
import { createWorkloadAct, type LiveWorkload, templateMark, type WorkloadAim } from "./workload-act.ts";

/** The annotation by which `kubectl rollout restart` makes a template another one. */
const restartedAt = "kubectl.kubernetes.io/restartedAt";

/** Replaces all pods by new ones of the same template, at the pace of a rollout. */
export function createRestart(context: ActionContext): Action<RestartIntent> {
  return createWorkloadAct<RestartIntent>(context, {
    what: "restart all pods",
    field: "restartedAt",
    refuseKind: () => undefined,
    // The mark on the object says that we wrote; another template than then, that it was this.
    isDone: (workload, { templateHash }) => templateMark(workload) !== templateHash,
    aim: async (workload, { workload: ref }, approved) => {
      const templateHash = templateMark(workload);
      const why = whyNot(workload, ref.kind);
      if (why !== undefined) return refused(`${ref.namespace}/${ref.name} ${why}`);
      if (approved && approved.templateHash !== templateHash)
        return stale("Another template was rolled out since: its pods are new already.");
      return toAim(context, workload, ref, templateHash);
    },
  });
}

async function toAim(
  context: ActionContext,
  workload: LiveWorkload,
  ref: WorkloadRef,
  templateHash: string,
): Promise<WorkloadAim<RestartIntent>> {
  const { spec, metadata } = workload;
  const history = await readHistory(context.connection, ref);
  const {
    effects = [notForetold],
    warnings = [],
    forecast,
  } = (history && (await foretellRollout(context, history, spec.template))) ?? {};
  // To the millisecond: a second restart is another one.
  const at = new Date(context.clock.now()).toISOString();
  const before = spec.template.metadata?.annotations?.[restartedAt];
  return {
    kind: "aim",
    intent: { kind: "restart", workload: ref, uid: metadata.uid, templateHash },
    operations: [{ op: "test", path: "/spec/template", value: spec.template }, noteRestart(workload, at)],
    effects: [...effects, "The template stays the same but for the time of the restart."],
    changes: [{ what: "Restarted at", before: before?.slice(0, 40) ?? "never", after: at }],
    warnings: [...warnings, "What only lives in the pods' memory is lost: caches are cold, and start-up costs CPU."],
    done: `All pods of ${ref.name} are replaced by new ones of the same template, step by step.`,
    ...(forecast && { forecast }),
  };
}

function noteRestart({ spec }: LiveWorkload, at: string): JsonPatchOperation {
  const path = "/spec/template/metadata/annotations";
  return spec.template.metadata?.annotations
    ? { op: "add", path: annotationPath(restartedAt, path), value: at }
    : { op: "add", path, value: { [restartedAt]: at } };
}

function whyNot({ spec }: LiveWorkload, kind: string): string | undefined {
  if (spec.paused === true) return "is held: a restart would replace no pod until somebody lets the rollout go on.";
  if (kind !== "Deployment" && spec.updateStrategy?.type === "OnDelete")
    return `replaces a pod only when somebody deletes it (updateStrategy OnDelete): delete the pods one by one (kubectl delete pod).`;
  return undefined;
}
