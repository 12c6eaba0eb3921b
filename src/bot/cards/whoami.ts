import type { Block, Card } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Pressable } from "#domain/ports/look.ts";
import type { Instant } from "#domain/workload.ts";
import type { Stop } from "#domain/policy.ts";
import { escape } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";
import { count, person, shortName } from "#bot/words.ts";
import { mayLine } from "./plan.ts";
import { stopLine } from "./stop-line.ts";

interface May {
  /** Sentences: what the rules give them. */
  readonly grants: readonly string[];
  /** All acts are off. */
  readonly stop: Stop | undefined;
  /** What they may press now. */
  readonly may: readonly { readonly incident: Incident; readonly steps: readonly Pressable[] }[];
  /** Incidents, of which some are told. */
  readonly openInAll: number;
}

/** What the rules give a person, and what they may press now. */
export function renderWhoami(user: string, { grants, stop, may, openInAll }: May, now: Instant): Card {
  const given = grants.map((sentence) => `• ${escape(sentence, 500)}`);
  const more = openInAll - may.length;
  return {
    text: "What you may do",
    blocks: [
      ...(stop === undefined ? [] : [section(stopLine(stop, now))]),
      section(`*What ${person(user)} may do*\n${fitLines(given, 2_700)}`),
      ...may.map(({ incident, steps }) => incidentBlock(incident, steps)),
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
