import type { Block, Card } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import type { Command, Section } from "#bot/commands/command.ts";
import { code } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";

/** How the parts of help are called, in their order. */
const sectionTitles: Readonly<Record<Section, string>> = { look: "Look", decide: "Decide", told: "Be told" };

/** What can be asked. `command` is the name under which Slack knows it. */
export function renderHelp(commands: readonly Pick<Command, "help" | "section">[], command = "/k8s-why"): Card {
  return {
    text: "What I can be asked",
    blocks: [
      section("I watch workloads, and say what grew, what changed before, and what can be done."),
      ...sectionsOf(commands).map(({ title, help }) => helpBlock(title, help, command)),
      context(
        "A part of a name is enough. Mention me in a thread to ask the same in words. Nothing is done but by a button, after a preview.",
      ),
    ],
  };
}

/** The lines of help, by section; a section without any is left out. */
export function sectionsOf(commands: readonly Pick<Command, "help" | "section">[]) {
  return Object.entries(sectionTitles)
    .map(([name, title]) => ({
      title,
      help: commands.filter(({ section: of = "told" }) => of === name).flatMap(({ help }) => help),
    }))
    .filter(({ help }) => help.length > 0);
}

function helpBlock(title: string, help: Command["help"], command: string): Block {
  const lines = help.map(({ type, does }) => `${code(`${command} ${type}`, 80)} ${does}`);
  return section(`*${title}*\n${fitLines(lines, 2_900)}`);
}
