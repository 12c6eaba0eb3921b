import type { Block } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import { evidenceLines } from "./evidence-lines.ts";
import type { Diagnosis } from "#domain/diagnosis.ts";
import type { Instant } from "#domain/workload.ts";
import { link } from "#bot/escape.ts";
import { type BeginsAs, namedSuspects, origin, suspectLine } from "./suspect-words.ts";
import { counted, percent } from "#bot/words.ts";

/** What changed: the first suspect, or why there is none. The others, and the evidence, stand in the thread. */
export function renderChanges(diagnosis: Diagnosis | undefined, now: Instant, event: BeginsAs = "climb"): Block[] {
  if (diagnosis === undefined) return [section(`*What changed*\nStill reading the changes before the ${event}.`)];
  const [first] = namedSuspects(diagnosis);
  if (first === undefined) return [section(`*What changed*\n${noSuspect(diagnosis, event)}`), context(footnote(diagnosis))];
  const said = `*1. ${percent(first.probability)}* ${suspectLine(first)}\n${origin(first, diagnosis, now, event)}`;
  return [section(`*What changed*\n${said}`), context(footnote(diagnosis))];
}

/** Why no change is named, in short. */
export function noSuspect({ none, noneEvidence, candidates }: Diagnosis, event: BeginsAs, most = 2): string {
  const chance = `The chance that no change did it is ${percent(none)}.`;
  const looked =
    candidates === 0
      ? `No change was found in the time before the ${event}.`
      : `None of the ${counted(candidates, "change")} looked at stands out.`;
  return [`*No suspect.* ${looked} ${chance}`, ...evidenceLines(noneEvidence, most)].join("\n");
}

function footnote(diagnosis: Diagnosis): string {
  const { compareUrl, candidates } = diagnosis;
  const others = namedSuspects(diagnosis).length - 1;
  return [
    link(compareUrl, compareUrl === undefined ? "" : "All that came with it"),
    `${counted(candidates, "change")} looked at`,
    others > 0
      ? `${counted(others, "other suspect")} and the evidence for and against are in the thread`
      : "the evidence for and against is in the thread",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}
