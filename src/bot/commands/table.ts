import type { Answer, Asked, Command } from "./command.ts";
import type { Tools } from "#bot/listeners/tools.ts";
import { audit } from "./audit.ts";
import { changes } from "./changes.ts";
import { expect } from "./expect.ts";
import { incidents } from "./incidents.ts";
import { nodes } from "./nodes.ts";
import { plan } from "./plan.ts";
import { report } from "./report.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { go, stop } from "./stop.ts";
import { quiet, subscribe, subscriptions, unsubscribe } from "./subscribe.ts";
import { silence, silences } from "./silence.ts";
import { timeline } from "./timeline.ts";
import { whoami } from "./whoami.ts";
import { why } from "./why.ts";

/** Everything that can be asked, in the order of help. */
export const commands: readonly Command[] = [
  why,
  incidents,
  timeline,
  changes,
  nodes,
  audit,
  plan,
  whoami,
  report,
  expect,
  silence,
  silences,
  subscribe,
  unsubscribe,
  subscriptions,
  quiet,
  stop,
  go,
];

/** Longer than any key with what may follow it. */
export const mostCharacters = 600;

/** Who asks what; `text` is what follows the app's command. */
export type Typed = Omit<Asked, "rest"> & { readonly text: string };

/** Answers what was typed after the app's command: by its first word; a first word that is none is a workload's name. */
export async function answerTyped(tools: Tools, { text, ...who }: Typed): Promise<Answer> {
  const typed = text.trim().slice(0, mostCharacters);
  const [word = ""] = typed.split(/\s+/, 1);
  if (word.toLowerCase() === "help") return { card: renderHelp(commands, who.command) };
  const known = findCommand(typed);
  if (known === why && !isWord(why, word)) return why.answer(tools, { ...who, rest: typed });
  return known.answer(tools, { ...who, rest: typed.slice(word.length).trim() });
}

/** The command that answers it. */
export function findCommand(text: string): Command {
  const [word = ""] = text.trim().split(/\s+/, 1);
  return word === "" ? incidents : (commands.find((command) => isWord(command, word)) ?? why);
}

function isWord({ words }: Command, word: string): boolean {
  return words.includes(word.toLowerCase());
}
