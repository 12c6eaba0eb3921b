import type { Block, Card } from "#bot/blocks.ts";
import { context, foldable, section } from "#bot/blocks.ts";
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
  const blocks = evidenceBlocks(incident, diagnosis);
  return {
    text: `Evidence about ${name}: ${counted(diagnosis.candidates, "change")} looked at`,
    blocks: [...blocks, ...lookedAt(pagesOf(diagnosis, openedAt, blocks), 0)],
  };
}

/** The thread's next posts, where the changes that were looked at are more than the first one holds. */
export function renderMoreChanges(incident: Incident): readonly Card[] {
  const { diagnosis, openedAt } = incident;
  if (diagnosis === undefined) return [];
  const pages = pagesOf(diagnosis, openedAt, evidenceBlocks(incident, diagnosis));
  return pages.slice(1).map((_, index) => ({
    text: `More changes looked at for ${shortName(incident.workload)}`,
    blocks: lookedAt(pages, index + 1),
  }));
}

const lookedAgain = "Looked at again: every change stands in the messages above.";

/** What takes the place of such a post once there are fewer of them. */
export const noMoreChanges: Card = { text: lookedAgain, blocks: [context(lookedAgain)] };

function evidenceBlocks(incident: Incident, diagnosis: Diagnosis): Block[] {
  const event = leadOf(incident) === "runaway" ? "climb" : "trouble";
  const named = namedSuspects(diagnosis);
  return [
    section(`*Evidence for and against*, ${counted(diagnosis.candidates, "change")} looked at`),
    ...(named.length === 0 ? [section(noSuspect(diagnosis, event, mostReasons))] : []),
    ...named.map((suspect, index) => suspectBlock(suspect, index, diagnosis, incident.openedAt, event)),
    ...(named.length === 0 ? [] : [section(nobody(diagnosis))]),
    context(footnote(diagnosis, incident.openedAt, event)),
    ...renderRollbackSafety(diagnosis.rollbackSafety, mostMigrations),
  ];
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

/** What was looked at, a line each, by message: as many as fit under the evidence, then as many as a message takes. */
function pagesOf({ looked = [], candidates }: Diagnosis, now: Instant, evidence: readonly Block[]): readonly string[][] {
  const lines = looked.map(({ at, text }) => `${when(at, now)} ${escape(text, 110)}`);
  if (candidates > lines.length) lines.push(`_and ${count(candidates - lines.length)} older ones_`);
  const pages: string[][] = [];
  let room = mostOfAll - mostAround - JSON.stringify(evidence).length;
  while (lines.length > 0 && looked.length > 0) {
    const fitting = countThatFit(lines, room, (line) => JSON.stringify(line).length);
    pages.push(lines.splice(0, fitting));
    room = mostOfAll - mostAround;
  }
  return pages;
}

function lookedAt(pages: readonly string[][], index: number): Block[] {
  const lines = pages[index] ?? [];
  if (lines.length === 0) return [];
  const title =
    index === 0 ? "*Every change looked at*, the latest first" : `*Changes looked at*, ${index + 1} of ${pages.length}`;
  return pack([title, ...lines], mostCharacters).map(foldable);
}
