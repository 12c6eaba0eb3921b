import type { Block } from "#bot/blocks.ts";
import { button, actions, context } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Verdict } from "#domain/verdict.ts";
import { namedSuspects } from "./suspect-words.ts";
import { person, when } from "#bot/words.ts";
import { verdictValue } from "#bot/verdict-value.ts";

/** Once it is well again: was the first suspect it? The answer teaches how much each kind of evidence is worth here. */
export function renderVerdict({ id, status, diagnosis, verdict }: Incident, now: Instant): Block[] {
  const first = diagnosis && namedSuspects(diagnosis)[0];
  if (!first || (status !== "recovered" && status !== "settled")) return [];
  const value = verdictValue(id, verdict?.suspectId ?? first.id);
  if (value === undefined) return [];
  return verdict ? told(verdict, value, now) : asked(value);
}

function asked(value: string): Block[] {
  return actions([
    button({ text: "That was it", actionId: "verdict:right", value }),
    button({ text: "That was not it", actionId: "verdict:wrong", value }),
  ]);
}

function told({ right, by, at }: Verdict, value: string, now: Instant): Block[] {
  const said = right ? "the first suspect was it" : "the suspect named here was not it";
  return [
    context(`${person(by)} said at ${when(at, now)}: ${said}. Later guesses take that into account.`),
    ...actions([button({ text: "Undo", actionId: "verdict:undo", value })]),
  ];
}
