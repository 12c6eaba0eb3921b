import type { Block } from "#bot/blocks.ts";
import { button, actions, context } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Suspect } from "#domain/diagnosis.ts";
import { type Said, standingOn } from "#domain/verdict.ts";
import { namedSuspects, suspectTitle } from "./suspect-words.ts";
import { percent, person, when } from "#bot/words.ts";
import { escape } from "#bot/escape.ts";
import { verdictValue } from "#bot/verdict-value.ts";

/**
 * Once it is well again: was it that suspect? Asked of each that is named, until one was it. The answers teach how much each kind of
 * evidence is worth here.
 */
export function renderVerdict({ id, status, diagnosis, said }: Incident, now: Instant): Block[] {
  const suspects = diagnosis === undefined ? [] : namedSuspects(diagnosis);
  if (status !== "recovered" && status !== "settled") return [];
  const named = suspects.map((suspect, index) => ({ id: suspect.id, name: suspects.length === 1 ? "" : nameOf(suspect, index) }));
  const all = [...named, ...noLongerNamed(said, suspects)];
  const isFound = all.some((one) => standingOn(one.id, said)?.right);
  return all.flatMap((one) => {
    const value = verdictValue(id, one.id);
    const stands = standingOn(one.id, said);
    if (value === undefined || (isFound && stands === undefined)) return [];
    return stands === undefined ? asked(one.name, value) : told(one.name, stands, value, now);
  });
}

/** The search may have moved on since: what was said can be taken back all the same. */
function noLongerNamed(said: readonly Said[] = [], suspects: readonly Suspect[]): readonly { id: string; name: string }[] {
  const others = said.filter(({ suspectId }) => suspects.every(({ id }) => id !== suspectId));
  return [...new Map(others.map(({ suspectId: id, title }) => [id, { id, name: escape(title, 100) }])).values()]
    .filter(({ id }) => standingOn(id, said) !== undefined)
    .slice(0, 3);
}

function nameOf(suspect: Suspect, index: number): string {
  return `*${index + 1}.* ${percent(suspect.probability)}: ${suspectTitle(suspect, 100)}`;
}

function asked(name: string, value: string): Block[] {
  return [
    ...(name === "" ? [] : [context(name)]),
    ...actions([
      button({ text: "That was it", actionId: "verdict:right", value }),
      button({ text: "That was not it", actionId: "verdict:wrong", value }),
    ]),
  ];
}

function told(name: string, stands: { right: boolean; by: string; at: Instant }, value: string, now: Instant): Block[] {
  const { right, by, at } = stands;
  const words = name === "" ? `the suspect named here was${right ? "" : " not"} it` : `that was${right ? "" : " not"} it`;
  const line = `${person(by)} said at ${when(at, now)}: ${words}. Later guesses take that into account.`;
  return [
    context(name === "" ? line : `${name}\n${line}`),
    ...actions([button({ text: "Undo", actionId: "verdict:undo", value })]),
  ];
}
