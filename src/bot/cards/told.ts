import type { Block } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Named, Told } from "#domain/told.ts";
import { escape } from "#bot/escape.ts";
import { person } from "#bot/words.ts";

/** Whom the first message calls, and, unless it must be brief, who else it is for. */
export function renderTold(told: Told | undefined, isBrief = false): Block[] {
  if (told === undefined) return [];
  const lines = isBrief ? callsInWords(told) : linesOf(told);
  return lines.length === 0 ? [] : [section(lines.join("\n"))];
}

/** Only whom it calls, for the text that arrives where blocks do not. */
export function callsInWords({ onCall, author, owners, ...told }: Told): string[] {
  const called = ({ id }: Named) => id !== undefined;
  return linesOf({
    ...told,
    onCall: onCall.filter(called),
    onCallNote: undefined,
    author: author && called(author) ? author : undefined,
    owners: owners.filter(called),
  });
}

/** Lines of mrkdwn: Slack calls nobody by what stands in an attachment. */
function linesOf({ onCall, onCallNote, author, owners }: Pick<Told, "onCall" | "onCallNote" | "author" | "owners">): string[] {
  return [
    ...(onCall.length > 0 ? [`On call: ${list(onCall)}`] : []),
    ...(onCallNote === undefined ? [] : [`On call: ${escape(onCallNote, 100)}`]),
    ...(author === undefined ? [] : [`${nameOf(author)}, the first suspect is your change: can you have a look?`]),
    ...(owners.length > 0 ? [`Owners: ${list(owners)}`] : []),
  ];
}

const namesAtMost = 6;

/** Whoever is called is there; of mere names only the first. */
function list(people: readonly Named[]): string {
  return people
    .filter(({ id }, index) => id !== undefined || index < namesAtMost)
    .map(nameOf)
    .join(", ");
}

function nameOf({ id, name }: Named): string {
  return (id === undefined ? escape(name, 60) : person(id)) || "somebody";
}
