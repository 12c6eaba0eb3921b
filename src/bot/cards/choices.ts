import type { Card } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Named } from "#domain/named.ts";
import { code } from "#bot/escape.ts";
import { count } from "#bot/words.ts";

/** How many names are offered. */
export const mostChoices = 5;

/** A name that several workloads answer to, or none: which do you mean? */
export function renderChoices(asked: string, { kind, keys }: Exclude<Named, { kind: "found" }>): Card {
  const instead = keys.length === 0 ? "`/k8s-why help` lists what I can be asked." : "Did you mean one of these?";
  const text =
    kind === "several"
      ? `${count(keys.length)} workloads answer to ${code(asked, 120)}. Which do you mean?`
      : `No workload called ${code(asked, 120)} is watched. ${instead}`;
  const names = keys.slice(0, mostChoices).map((key) => `• ${code(key, 200)}`);
  const more = keys.length > mostChoices ? [`… ${count(keys.length - mostChoices)} more: write more of the name.`] : [];
  return { text, blocks: [section([text, ...names, ...more].join("\n"))] };
}
