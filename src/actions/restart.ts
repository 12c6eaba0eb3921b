import type { RestartIntent } from "#domain/intent.ts";
import { type Action, type ActionContext, counted, refused, stale } from "./action.ts";
import { annotationPath } from "./traces.ts";
import { replacementOf } from "./replacement.ts";
import { createWorkloadAct, type LiveWorkload, templateMark } from "./workload-act.ts";

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
      const { spec, metadata } = workload;
      // To the millisecond: a second restart is another one.
      const at = new Date(context.clock.now()).toISOString();
      const annotations = spec.template.metadata?.annotations;
      const path = "/spec/template/metadata/annotations";
      return {
        kind: "aim",
        intent: { kind: "restart", workload: ref, uid: metadata.uid, templateHash },
        operations: [
          { op: "test", path: "/spec/template", value: spec.template },
          annotations
            ? { op: "add", path: annotationPath(restartedAt, path), value: at }
            : { op: "add", path, value: { [restartedAt]: at } },
        ],
        effects: [...replacementOf(ref.kind, workload), "The template stays the same but for the time of the restart."],
        changes: [{ what: "Restarted at", before: annotations?.[restartedAt]?.slice(0, 40) ?? "never", after: at }],
        warnings: [
          "What only lives in the pods' memory is lost: caches are cold, and start-up costs CPU.",
          ...partition(workload),
        ],
        done: `All pods of ${ref.name} are replaced by new ones of the same template, step by step.`,
      };
    },
  });
}

function whyNot({ spec }: LiveWorkload, kind: string): string | undefined {
  if (spec.paused === true) return "is held: a restart would replace no pod until somebody lets the rollout go on.";
  if (kind !== "Deployment" && spec.updateStrategy?.type === "OnDelete")
    return `replaces a pod only when somebody deletes it (updateStrategy OnDelete): delete the pods one by one (kubectl delete pod).`;
  return undefined;
}

function partition({ spec }: LiveWorkload): string[] {
  const from = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  return from > 0
    ? [
        `Its partition is ${from}: only pods with that number and above are replaced, ${counted(Math.max(0, (spec.replicas ?? 1) - from), "pod")}.`,
      ]
    : [];
}
