import type { Answer, Asked, Command } from "./command.ts";
import type { Tools } from "#bot/listeners/tools.ts";
import { audit } from "./audit.ts";
import { expect } from "./expect.ts";
import { incidents } from "./incidents.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { go, stop } from "./stop.ts";
import { whoami } from "./whoami.ts";
import { why } from "./why.ts";

/** Everything that can be asked, in the order of help. */
export const commands: readonly Command[] = [why, incidents, expect, whoami, audit, stop, go];

const mostCharacters = 400;

/** Answers what was typed after the app's command: by its first word; a first word that is none is a workload's name. */
export async function answerTyped(
  tools: Tools,
  { text, ...who }: Omit<Asked, "rest"> & { readonly text: string },
): Promise<Answer> {
  const typed = text.trim().slice(0, mostCharacters);
  const [word = ""] = typed.split(/\s+/, 1);
  if (word.toLowerCase() === "help") return { card: renderHelp(commands, who.command) };
  const known = word === "" ? incidents : commands.find(({ words }) => words.includes(word.toLowerCase()));
  if (!known) return why.answer(tools, { ...who, rest: typed });
  return known.answer(tools, { ...who, rest: typed.slice(word.length).trim() });
}
