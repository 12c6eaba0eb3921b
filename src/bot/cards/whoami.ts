import type { Block, Card } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Pressable } from "#domain/ports/look.ts";
import { escape } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";
import { count, person, shortName } from "#bot/words.ts";
import { mayLine } from "./plan.ts";

/** What the rules give a person, and what they may press now; `openInAll`: incidents, of which some are told. */
export function renderWhoami(
  user: string,
  grants: readonly string[],
  now: readonly { readonly incident: Incident; readonly steps: readonly Pressable[] }[],
  openInAll: number,
): Card {
  const given = grants.map((sentence) => `• ${escape(sentence, 500)}`);
  const more = openInAll - now.length;
  return {
    text: "What you may do",
    blocks: [
      section(`*What ${person(user)} may do*\n${fitLines(given, 2_700)}`),
      ...now.map(({ incident, steps }) => incidentBlock(incident, steps)),
      ...(more > 0 ? [section(`… ${count(more)} more open incidents; \`plan\` with a name tells of each.`)] : []),
    ],
  };
}

function incidentBlock({ workload }: Incident, steps: readonly Pressable[]): Block {
  const lines = steps.map(mayLine);
  return section(
    `*Now, for ${shortName(workload)}*\n${lines.length === 0 ? "Nothing can be pressed by anybody." : fitLines(lines, 1_500)}`,
  );
}
