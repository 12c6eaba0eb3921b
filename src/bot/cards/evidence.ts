import type { Block, Card } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import type { Diagnosis, Suspect } from "#domain/diagnosis.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { escape, link } from "#bot/escape.ts";
import { countThatFit, fitLines, pack } from "#bot/fit.ts";
import { count, counted, percent, shortName, when } from "#bot/words.ts";
import { evidenceLines } from "./evidence-lines.ts";
import { type BeginsAs, builtFrom, namedSuspects, origin, suspectLine } from "./suspect-words.ts";
import { renderRollbackSafety } from "./rollback-safety.ts";
import { noSuspect } from "./suspects.ts";

const mostReasons = 12;
const mostMigrations = 8;
const mostCharacters = 2_900;

/** Of the whole card: Slack refuses somewhere above 13,200 characters over all blocks. */
const mostOfAll = 11_500;
/** The list's title and end, and the blocks around it. */
const mostAround = 600;

/** The thread's first post: what speaks for and against each suspect, what stands in the way of going back, and every change that was looked at. */
export function renderEvidence(incident: Incident): Card {
  const { diagnosis, openedAt } = incident;
  const name = shortName(incident.workload);
  if (diagnosis === undefined) return { text: `Evidence about ${name}`, blocks: [section("Still reading the changes.")] };
  const event = leadOf(incident) === "runaway" ? "climb" : "trouble";
  const named = namedSuspects(diagnosis);
  const blocks = [
    section(`*Evidence for and against*, ${counted(diagnosis.candidates, "change")} looked at`),
    ...(named.length === 0 ? [section(noSuspect(diagnosis, event, mostReasons))] : []),
    ...named.map((suspect, index) => suspectBlock(suspect, index, diagnosis, openedAt, event)),
    ...(named.length === 0 ? [] : [section(nobody(diagnosis))]),
    context(footnote(diagnosis, openedAt, event)),
    ...renderRollbackSafety(diagnosis.rollbackSafety, mostMigrations),
  ];
  const room = mostOfAll - JSON.stringify(blocks).length;
  return {
    text: `Evidence about ${name}: ${counted(diagnosis.candidates, "change")} looked at`,
    blocks: [...blocks, ...lookedAt(diagnosis, openedAt, room)],
  };
}

function suspectBlock(suspect: Suspect, index: number, diagnosis: Diagnosis, now: Instant, event: BeginsAs): Block {
  const lines = [
    `*${index + 1}.* ${percent(suspect.probability)} · ${suspectLine(suspect)}`,
    origin(suspect, diagnosis, now, event),
    ...evidenceLines(suspect.evidence, mostReasons),
  ];
  return section(fitLines(lines, mostCharacters));
}

function nobody({ none, others = 0, noneEvidence }: Diagnosis): string {
  const rest = others > 0.005 ? ` · one of the many other changes: ${percent(others)}` : "";
  return fitLines([`*No change did it:* ${percent(none)}${rest}`, ...evidenceLines(noneEvidence, 6)], mostCharacters);
}

function footnote({ compareUrl, ownUrls = [], between, onsetAt, rollout }: Diagnosis, now: Instant, event: BeginsAs): string {
  const parts = [
    `The ${event} began at ${when(onsetAt, now)}`,
    link(compareUrl, compareUrl === undefined ? "" : "Compare what ran before with what runs now"),
    between === undefined
      ? ""
      : `${count(between.own)} of ${counted(between.all, "landing")} in between ${between.own === 1 ? "is" : "are"} its own`,
    ...ownUrls.slice(0, 5).map(({ path, url }) => link(url, `only ${escape(path, 40)}`)),
    rollout?.commit === undefined ? "" : `revision ${count(rollout.revision)} is built from ${builtFrom(rollout.commit)}`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** As many as there is room for, the nearest to the beginning first. */
function lookedAt({ looked = [], candidates }: Diagnosis, now: Instant, room: number): Block[] {
  const lines = looked.map(({ at, text }) => `${when(at, now)} ${escape(text, 110)}`);
  const shown = lines.slice(
    0,
    countThatFit(lines, room - mostAround, (line) => JSON.stringify(line).length),
  );
  if (shown.length === 0) return [];
  const missing = candidates - shown.length;
  const more = missing > 0 ? [`_and ${count(missing)} older ones_`] : [];
  return pack(["*Every change looked at*, the latest first", ...shown, ...more], mostCharacters).map(section);
}
