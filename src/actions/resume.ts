import type { RolloutIntent } from "#domain/intent.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { type Action, type ActionContext, alreadyDone, counted, stale } from "./action.ts";
import { readHistory } from "./history.ts";
import { createWorkloadAct, imagesOf, type LiveWorkload, templateMark } from "./workload-act.ts";

/** Lets a held rollout go on, and says with which template. */
export function createResume(context: ActionContext): Action<RolloutIntent> {
  return createWorkloadAct<RolloutIntent>(context, {
    what: "let the rollout go on",
    field: "paused",
    refuseKind: (kind, title) =>
      kind === "Deployment" ? undefined : `${title} is a ${kind}: only a Deployment's rollout can be held, and so let go on.`,
    isDone: ({ spec }) => spec.paused !== true,
    aim: async (workload, { workload: ref }, approved) => {
      const { metadata, spec } = workload;
      const templateHash = templateMark(workload);
      if (spec.paused !== true) return alreadyDone(`The rollout of ${ref.name} is not held.`);
      if (approved && approved.templateHash !== templateHash)
        return stale("The template was changed since: another one would be rolled out.");
      const revision = await nameOfRevision(context, ref);
      return {
        kind: "aim",
        intent: { kind: "resume", workload: ref, uid: metadata.uid, templateHash },
        operations: [
          { op: "test", path: "/spec/template", value: spec.template },
          { op: "test", path: "/spec/paused", value: true },
          { op: "replace", path: "/spec/paused", value: false },
        ],
        effects: [`From here it rolls out ${revision}: ${imagesOf(workload)}.`, whatIsReplaced(workload)],
        changes: [{ what: "Rollout", before: "held", after: "goes on" }],
        warnings: ["Somebody held it for a reason: look whether that is gone."],
        done: `The rollout of ${ref.name} goes on, with ${revision} (${imagesOf(workload)}).`,
      };
    },
  });
}

/** A template that was changed while it was held has no revision yet. */
async function nameOfRevision({ connection }: ActionContext, ref: WorkloadRef) {
  const current = (await readHistory(connection, ref))?.current;
  return current ? `revision ${current.revision}` : "a template that never ran, as a new revision";
}

function whatIsReplaced({ spec, status }: LiveWorkload): string {
  const left = Math.max(0, (spec.replicas ?? 1) - (status?.updatedReplicas ?? 0));
  return left === 0 ? "All pods run it already: none is replaced." : `${counted(left, "pod")} are still to be replaced.`;
}
