import type { CeilingIntent } from "#domain/intent.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused, stale } from "./action.ts";
import { createCeilingAct } from "./ceiling-act.ts";
import { lastActOf } from "./traces.ts";

/** Gives the ceiling back that stood before we capped or lowered it. It only ever raises one, so it stops no pod. */
export function createRestore(context: ActionContext): Action<CeilingIntent> {
  return createCeilingAct(context, {
    kind: "restore",
    what: "give the ceiling back",
    aim: ({ hpa: { metadata, spec }, kept }, _order, intent) => {
      if (!kept) return refused(`No earlier ceiling of "${metadata.name}" is kept: there is nothing of ours to give back.`);
      if (intent && intent.toMax !== kept.from)
        return stale(`Kept is a ceiling of ${count(kept.from)} now, and not ${count(intent.toMax)}.`);
      if (spec.maxReplicas >= kept.from)
        return alreadyDone(
          `The ceiling of "${metadata.name}" is ${count(spec.maxReplicas)} already, no lower than the ${count(kept.from)} of before.`,
        );
      return { kind: "aim", toMax: kept.from, keep: undefined };
    },
    words: ({ hpa: { metadata, spec }, kept, isRollingOut }, { toMax }, { incidentId }) => ({
      effects: [
        `The autoscaler "${metadata.name}" may go up to ${counted(toMax, "replica")} again, as before.`,
        "The annotations that kept the old ceiling are removed.",
      ],
      warnings: [
        `If the cause is still there, it climbs again, up to ${counted(toMax, "replica")}.`,
        ...(isRollingOut
          ? [
              "A rollout is under way: pods of before serve still, or few are ready, and the autoscaler may add pods to make up for it.",
            ]
          : []),
        ...(kept && spec.maxReplicas !== kept.to
          ? [`Somebody changed the ceiling since we did: we set ${count(kept.to)}, and it is ${count(spec.maxReplicas)} now.`]
          : []),
        ...(lastActOf(metadata).incidentId === incidentId ? [] : ["It was changed for another incident, not for this one."]),
      ],
      done: `The ceiling of "${metadata.name}" is ${count(toMax)} again (was ${count(spec.maxReplicas)}).`,
    }),
  });
}
