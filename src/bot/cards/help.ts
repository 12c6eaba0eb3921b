import type { Card } from "#bot/blocks.ts";
import { code } from "#bot/escape.ts";
import { section } from "#bot/blocks.ts";

/** What can be asked. `command` is the name under which Slack knows it. */
export function renderHelp(command = "/k8s-why"): Card {
  const name = (rest: string) => code(`${command}${rest}`, 80);
  const lines = [
    "I watch workloads, and say what grew, what changed before, and what can be done.",
    `• ${name("")} lists the open incidents.`,
    `• ${name(" <workload>")} says why a workload is at its size.`,
    `• ${name(" expect <workload> x3 until 18:00")} keeps me silent up to three times its usual; ${name(" expect <workload> off")} ends that.`,
    `• ${name(" whoami")} says what you may do, and which rule says so.`,
    `• ${name(" audit [workload]")} lists what was done of late, and by whom.`,
    `• ${name(" stop [reason]")} turns all acts off for everybody; ${name(" go")} turns them on again.`,
    `• ${name(" help")} shows this.`,
    "Buttons under an incident show what a step will do before anything happens.",
  ];
  return { text: "What I can be asked", blocks: [section(lines.join("\n"))] };
}
