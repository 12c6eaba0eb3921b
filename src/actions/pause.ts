import type { RolloutIntent } from "#domain/intent.ts";
import { type Action, type ActionContext, alreadyDone, counted, stale } from "./action.ts";
import { createWorkloadAct, imagesOf, type LiveWorkload, templateMark } from "./workload-act.ts";

/** Holds a Deployment's rollout where it is: no more pods are replaced until it is resumed. */
export function createPause(context: ActionContext): Action<RolloutIntent> {
  return createWorkloadAct<RolloutIntent>(context, {
    what: "hold the rollout",
    field: "paused",
    refuseKind: (kind, title) =>
      kind === "Deployment"
        ? undefined
        : `${title} is a ${kind}: only a Deployment's rollout can be held. ${kind === "StatefulSet" ? "A partition (spec.updateStrategy.rollingUpdate.partition) holds part of one." : "Roll it back instead."}`,
    isDone: ({ spec }) => spec.paused === true,
    aim: async (workload, { workload: ref }, approved) => {
      const { metadata, spec } = workload;
      const templateHash = templateMark(workload);
      if (spec.paused === true) return alreadyDone(`The rollout of ${ref.name} is held already.`);
      if (approved && approved.templateHash !== templateHash) return stale("Another template was rolled out since.");
      return {
        kind: "aim",
        intent: { kind: "pause", workload: ref, uid: metadata.uid, templateHash },
        operations: [
          { op: "test", path: "/spec/template", value: spec.template },
          { op: "add", path: "/spec/paused", value: true },
        ],
        effects: [whereItStands(workload), "Pods that run go on running; nothing is stopped and nothing is taken back."],
        changes: [{ what: "Rollout", before: "goes on", after: "held" }],
        warnings: [
          "While it is held, a deploy or a rollback changes the template and replaces no pod.",
          "The count may still change, by hand or by the autoscaler: pods of the old and the new template in proportion.",
        ],
        done: `The rollout of ${ref.name} is held: no more pods are replaced until somebody lets it go on.`,
      };
    },
  });
}

function whereItStands(workload: LiveWorkload): string {
  const wanted = workload.spec.replicas ?? 1;
  const updated = workload.status?.updatedReplicas ?? 0;
  return updated < wanted
    ? `The rollout of ${imagesOf(workload)} stops where it is: ${updated} of ${counted(wanted, "pod")} run it.`
    : `No rollout is under way (all pods run ${imagesOf(workload)}): the next one is held.`;
}
