import type { StepOrder } from "#domain/order.ts";
import type { CeilingIntent } from "#domain/intent.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused, stale } from "./action.ts";
import { type Ceiling, cappedFromAnnotation, type No, originalOf } from "./ceiling.ts";
import { type AimFound, createCeilingAct } from "./ceiling-act.ts";

/**
 * Sets the ceiling to a sane value for good, once it is well: so that normal days fit below it and the next runaway stops early. The other choice is
 * the old ceiling. Neither stops a pod.
 */
export function createLower(context: ActionContext): Action<CeilingIntent> {
  return createCeilingAct(context, {
    kind: "lower",
    what: "lower the ceiling",
    aim: (found, order, intent) => (intent ? approvedAim(found, order, intent) : shownAim(found, order)),
    words: ({ hpa, replicas, floor }, { toMax, keep }, { capFloor = 0 }) => ({
      effects: [
        `The autoscaler "${hpa.metadata.name}" cannot go above ${counted(toMax, "replica")} from now on.`,
        `No pod is stopped: ${counted(replicas, "replica")} are wanted now.`,
        keep === undefined
          ? "That is the ceiling that stood before: nothing of ours is left to give back."
          : `The ceiling that stood before, ${count(keep)}, stays kept in the annotation ${cappedFromAnnotation}, to be given back.`,
      ],
      warnings: [
        ...(toMax === floor && floor > capFloor && keep !== undefined
          ? [`${count(Math.ceil(capFloor))} would be enough on usual days, but more is needed now: lower it again later.`]
          : []),
        ...(keep === undefined ? [`The next runaway may go up to ${counted(toMax, "replica")} again.`] : []),
      ],
      done: `The ceiling of "${hpa.metadata.name}" is ${count(toMax)} (was ${count(hpa.spec.maxReplicas)})${keep === undefined ? ", as it was before" : ""}.`,
    }),
  });
}

/** The suggested ceiling and the old one, as far as they change anything and stop no pod. */
function optionsOf(found: Ceiling, order: StepOrder): number[] {
  const original = originalOf(found, order);
  const suggested = order.capFloor === undefined ? [] : [Math.max(found.floor, Math.min(Math.ceil(order.capFloor), original))];
  const { maxReplicas } = found.hpa.spec;
  const isSane = (value: number) => value !== maxReplicas && value >= found.floor && value <= original;
  return [...new Set([...suggested, original])].filter(isSane);
}

function shownAim(found: Ceiling, order: StepOrder): AimFound | No {
  const { hpa } = found;
  const original = originalOf(found, order);
  const options = optionsOf(found, order);
  const chosen = order.choice === undefined ? options[0] : options.find((value) => String(value) === order.choice);
  if (order.capFloor === undefined && options.length === 0)
    return refused(`Nobody knows the usual peak of ${order.workload.name}: no ceiling can be suggested.`);
  if (options.length === 0)
    return alreadyDone(
      `The ceiling of "${hpa.metadata.name}" is ${count(hpa.spec.maxReplicas)}: nothing lower is suggested while ${counted(found.floor, "replica")} are needed.`,
    );
  if (chosen === undefined) return refused(`A ceiling of ${order.choice?.slice(0, 20)} can no longer be chosen: look again.`);
  const text = (value: number) => (value === original ? `${count(value)}: as it was before` : `${count(value)}: suggested`);
  return {
    kind: "aim",
    toMax: chosen,
    keep: chosen === original ? undefined : original,
    choices: {
      label: "Ceiling",
      options: options.map((value) => ({ value: String(value), text: text(value) })),
      chosen: String(chosen),
    },
  };
}

/** What was approved is done to the number, or not at all: a ceiling that moved under it is another one. */
function approvedAim(found: Ceiling, order: StepOrder, { toMax }: CeilingIntent) {
  if (toMax < found.floor)
    return stale(`${counted(found.floor, "replica")} are needed now: a ceiling of ${count(toMax)} would stop pods.`);
  const original = originalOf(found, order);
  return { kind: "aim", toMax, keep: toMax === original ? undefined : original } as const;
}
