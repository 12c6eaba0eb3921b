import type { Card } from "#bot/blocks.ts";
import type { Reply } from "#domain/ports/slack.ts";
import { escape } from "#bot/escape.ts";
import { pack } from "#bot/fit.ts";
import { person } from "#bot/words.ts";
import { columns, section } from "#bot/blocks.ts";
import { phaseField } from "./phases.ts";

/** A plain reply; its lines stay lines. */
export function renderReply({ text, mention, phases = [] }: Reply): Card {
  const lines = text
    .slice(0, 20_000)
    .split("\n", 40)
    .map((line) => escape(line, 600));
  const kept = lines.filter((line) => line !== "");
  const body = pack(kept.length === 0 ? ["(no text)"] : kept, 2_600).slice(0, 3);
  const people = mention.slice(0, 10).map(person).join(" ");
  const [first = "", ...rest] = body;
  const said = people === "" ? first : `${people} ${first}`;
  const end = phases.at(-1)?.at ?? 0;
  return { text: said, blocks: [...[said, ...rest].map(section), ...columns(phases.map((phase) => phaseField(phase, end)))] };
}
