import type { Card } from "#bot/blocks.ts";
import type { Command } from "#bot/commands/command.ts";
import { code } from "#bot/escape.ts";
import { section } from "#bot/blocks.ts";

/** What can be asked. `command` is the name under which Slack knows it. */
export function renderHelp(commands: readonly Pick<Command, "help">[], command = "/k8s-why"): Card {
  const lines = [
    "I watch workloads, and say what grew, what changed before, and what can be done.",
    ...commands.flatMap(({ help }) => help.map(({ type, does }) => `• ${code(`${command} ${type}`, 80)} ${does}`)),
    `• ${code(`${command} help`, 80)} shows this.`,
    "Buttons under an incident show what a step will do before anything happens.",
  ];
  return { text: "What I can be asked", blocks: [section(lines.join("\n"))] };
}
