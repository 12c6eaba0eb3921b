import { leadOf } from "#domain/incident.ts";
import { isPlace } from "#domain/workload.ts";
import { saneCeiling } from "#analysis/steps/ceiling.ts";
import { count } from "#analysis/words.ts";
import { actsOf, ceilingBefore, subjectOf } from "#analysis/report/facts.ts";
import { code, moment } from "#analysis/report/markdown.ts";
import type { LessonRule } from "./lesson.ts";

/** A ceiling of so many times the usual peak stops nothing. */
const FAR = 3;
/** So many times the usual nodes are worth a bound. */
const MANY_NODES = 1.5;

/** The ceiling was far above anything usual, and the count went past a sane one. */
export const saneCeilingBefore: LessonRule = (incident) => {
  const ceiling = ceilingBefore(incident);
  const { usual, peak, spike, now } = incident;
  const sane = saneCeiling(usual);
  if (leadOf(incident) !== "runaway" || ceiling === undefined || ceiling < FAR * usual.peakReplicas || peak.replicas <= sane)
    return undefined;
  const passed = spike.value >= sane ? `It had passed that when it was noticed, at ${moment(spike.detectedAt)}.` : "";
  return {
    says: `A ceiling of ${count(sane)}, twice the usual peak, would have stopped it at ${count(sane)} replicas instead of ${count(peak.replicas)}.`,
    because: `The ceiling was ${count(ceiling)}; the usual peak is ${count(usual.peakReplicas)}. ${passed}`.trim(),
    todo:
      now.ceiling !== undefined && now.ceiling <= sane
        ? `Write the ceiling of ${subjectOf(incident)}, ${count(now.ceiling)} now, down where its autoscaler is defined: else the next deployment brings ${count(ceiling)} back.`
        : `Set the ceiling of ${subjectOf(incident)} to ${count(sane)}; it is ${now.ceiling === undefined ? "not known" : count(now.ceiling)} now.`,
  };
};

/** Nothing bounded what the namespace or the node pool may take. */
export const somethingThatBounds: LessonRule = (incident) => {
  const { workload, usual, peak } = incident;
  const cap = actsOf(incident).find(({ kind }) => kind === "cap");
  const hasMoreNodes = usual.nodes !== undefined && usual.nodes > 0 && peak.nodes >= MANY_NODES * usual.nodes;
  if (isPlace(workload) || leadOf(incident) !== "runaway" || cap?.quotaMost !== undefined || !hasMoreNodes) return undefined;
  const noQuota = cap ? " No quota was seen that would have stopped it." : "";
  return {
    says: "A ResourceQuota on its namespace, or a limit on the node pool, would have bounded what it could take.",
    because: `The cluster went from ${count(usual.nodes ?? 0)} to ${count(peak.nodes, "node")} for it.${noQuota}`,
    todo: `Decide what the namespace ${code(workload.namespace)} may take at most, and set a ResourceQuota or a limit of the node pool.`,
  };
};
