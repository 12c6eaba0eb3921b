import type { Block } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Named, Told } from "#domain/told.ts";
import { escape } from "#bot/escape.ts";
import { person } from "#bot/words.ts";

/** Whom the first message calls and who else it is for, as mrkdwn: Slack calls nobody by what stands in an attachment. */
export function renderTold(told: Told | undefined, isBrief = false): Block[] {
  const text = told === undefined ? "" : isBrief ? callsOf(told) : linesOf(told).join("\n");
  return text === "" ? [] : [section(text)];
}

/** Only whom it calls: for the text, which arrives alone where blocks do not, and where much else is to be said. */
export function callsOf({ onCall, author, owners }: Told): string {
  const ids = [...onCall, ...(author ? [author] : []), ...owners].flatMap(({ id }) => id ?? []);
  return ids.length === 0 ? "" : `For ${ids.map(person).join(", ")}.`;
}

function linesOf({ onCall, onCallNote, author, owners }: Told): string[] {
  return [
    ...(onCall.length > 0 ? [`On call: ${listNames(onCall)}`] : []),
    ...(onCallNote === undefined ? [] : [`On call: ${escape(onCallNote, 100)}`]),
    ...(author === undefined ? [] : [`${nameOf(author)}, the first suspect is your change: can you have a look?`]),
    ...(owners.length > 0 ? [`Owners: ${listNames(owners)}`] : []),
  ];
}

const namesAtMost = 6;

/** People as a message names them: whoever is called is there; of mere names only the first. */
export function listNames(people: readonly Named[]): string {
  return people
    .filter(({ id }, index) => id !== undefined || index < namesAtMost)
    .map(nameOf)
    .join(", ");
}

function nameOf({ id, name }: Named): string {
  return (id === undefined ? escape(name, 60) : person(id)) || "somebody";
}
