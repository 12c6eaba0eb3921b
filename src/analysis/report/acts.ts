import { type Step, stepName, wasDone } from "#domain/plan.ts";
import type { TimelineEntry } from "#domain/incident.ts";
import { comparisonOf } from "#analysis/rollout/seen.ts";
import { type ReportFacts, actsOf, personOf } from "./facts.ts";
import { moment, table, text } from "./markdown.ts";

/** Who did what, when, and what came of it. */
export function acts(facts: ReportFacts): readonly string[] {
  return table(
    ["When (UTC)", "What", "By", "What came of it", "Did it help?"],
    actsOf(facts.incident).map((step) => [
      moment(step.at),
      stepName[step.kind],
      byOf(facts, step),
      outcomeOf(step),
      helpOf(step),
    ]),
  );
}

function byOf(facts: ReportFacts, { by, second, breakGlass }: Step): string {
  const people = [by, second].filter((id) => id !== undefined).map((id) => personOf(facts, id));
  const glass = breakGlass === undefined ? "" : `; against the rules: ${text(breakGlass, 200)}`;
  return `${people.join(" and ") || "not known"}${glass}`;
}

function outcomeOf(step: Step): string {
  return `${wasDone(step) ? "" : "It failed. "}${text(step.outcome ?? step.summary, 240)}`;
}

function helpOf({ helped, at = 0 }: Step): string {
  if (!helped || helped.at < at) return "";
  return `${helped.ok ? "Yes" : "No"}. ${text(helped.text, 200)}`;
}

/** What rollouts were foretold to do, beside what they did. */
export function forecasts({ incident }: ReportFacts): readonly string[] {
  return actsOf(incident).flatMap((step) => {
    const compared = comparisonOf(step);
    return compared === undefined ? [] : [`- ${stepName[step.kind]}: ${compared}`];
  });
}

const mostEntries = 300;

/** Everything in its order. */
export function timeline({ incident }: ReportFacts): readonly string[] {
  const entries = incident.timeline.toSorted((a, b) => a.at - b.at).slice(-mostEntries);
  return table(
    ["When (UTC)", "What"],
    entries.map((entry: TimelineEntry) => [moment(entry.at), text(entry.text, 300)]),
  );
}
