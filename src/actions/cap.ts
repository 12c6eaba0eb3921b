import type { CeilingIntent } from "#domain/intent.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, stale } from "./action.ts";
import { type Ceiling, cappedFromAnnotation, type No, originalOf } from "./ceiling.ts";
import { createCeilingAct } from "./ceiling-act.ts";
import { lastActOf } from "./traces.ts";

/** Freezes the autoscaler's ceiling: never below what runs, so that no serving pod is stopped. */
export function createCap(context: ActionContext): Action<CeilingIntent> {
  return createCeilingAct(context, {
    kind: "cap",
    what: "cap the autoscaler",
    aim: (found, order, intent) => {
      // Pods may have been added since it was shown: what was shown is a minimum.
      const toMax = Math.max(Math.ceil(intent?.toMax ?? order.capFloor ?? 0), found.floor);
      const done = cappedAlready(found, order.incidentId);
      if (done) return done;
      // Approved and then not needed is nothing that we did: no undo is made of it, and nobody can put it back.
      if (toMax >= found.hpa.spec.maxReplicas) return intent ? stale(atCeiling(found)) : alreadyDone(atCeiling(found));
      return { kind: "aim", toMax, keep: originalOf(found, order) };
    },
    words: ({ hpa, replicas }, { toMax, keep }) => ({
      effects: [
        `The autoscaler "${hpa.metadata.name}" cannot go above ${counted(toMax, "replica")}.`,
        `No pod is stopped. ${counted(replicas, "replica")} are wanted now; if it has grown by the time you press, the ceiling is what is wanted then.`,
        `The old ceiling, ${count(keep ?? hpa.spec.maxReplicas)}, is kept in the annotation ${cappedFromAnnotation}, to be given back.`,
      ],
      warnings: [`It stops the growth, not the cause: load that ${counted(toMax, "replica")} cannot carry shows as latency.`],
      done: `The ceiling of "${hpa.metadata.name}" is ${count(toMax)} (was ${count(hpa.spec.maxReplicas)}); ${counted(replicas, "replica")} were wanted at that moment.`,
    }),
  });
}

/** Capped for this incident, and nobody has raised it since. */
function cappedAlready({ hpa: { metadata, spec }, kept }: Ceiling, incidentId: string): No | undefined {
  const last = lastActOf(metadata);
  if (!kept || spec.maxReplicas > kept.to || last.kind !== "cap" || last.incidentId !== incidentId) return undefined;
  return alreadyDone(
    `"${metadata.name}" is capped already: its ceiling is ${count(spec.maxReplicas)} (was ${count(kept.from)}).`,
  );
}

function atCeiling({ hpa: { metadata, spec }, replicas }: Ceiling): string {
  return `"${metadata.name}" cannot rise much further: its ceiling is ${count(spec.maxReplicas)}, and ${counted(replicas, "replica")} wanted now.`;
}
