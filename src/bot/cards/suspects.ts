import type { Block } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import type { Diagnosis, Evidence, Suspect } from "#domain/diagnosis.ts";
import type { CommitGuess, Landing, OtherChange, Rollout } from "#domain/change.ts";
import { reliabilityOf, wayOf } from "#domain/commit-words.ts";
import { wordsOf } from "#domain/change-words.ts";
import type { Instant } from "#domain/workload.ts";
import { count, counted, duration, percent, when } from "#bot/words.ts";
import { code, escape, link, titleOf } from "#bot/escape.ts";

/** How much is told: lines of evidence of the first suspect, and of each of the others. */
export interface Detail {
  readonly first: number;
  readonly others: number;
  /** What began: a climb, unless said. */
  readonly event?: BeginsAs;
}

/** A count climbs; other troubles begin. */
type BeginsAs = "climb" | "trouble";

/** What changed: up to three suspects, or why there is none. */
export function renderChanges(diagnosis: Diagnosis | undefined, now: Instant, detail: Detail): Block[] {
  const { event = "climb" } = detail;
  if (diagnosis === undefined) return [section(`*What changed*\nStill reading the changes before the ${event}.`)];
  const found = diagnosis.named
    ? namedSuspects(diagnosis).map((suspect, index) => suspectBlock(suspect, index, diagnosis, now, detail))
    : [noSuspect(diagnosis, detail)];
  return [section("*What changed*"), ...found, context(footnote(diagnosis, now, detail))];
}

/** The suspects worth naming: the first, and up to two more that are not mere noise. */
export function namedSuspects({ named, suspects }: Diagnosis): readonly Suspect[] {
  return named ? suspects.slice(0, 3).filter(({ probability }, index) => index === 0 || probability >= 0.05) : [];
}

function suspectBlock(suspect: Suspect, index: number, diagnosis: Diagnosis, now: Instant, detail: Detail): Block {
  const evidence = evidenceLines(suspect.evidence, index === 0 ? detail.first : detail.others);
  return section(
    [
      `*${index + 1}. ${percent(suspect.probability)}* ${suspectLine(withoutNumber(suspect))}`,
      origin(suspect, diagnosis, now, detail.event ?? "climb"),
      ...evidence,
    ].join("\n"),
  );
}

/** GitHub ends a merged title with the pull request's number, which the next line links to. */
function withoutNumber(suspect: Suspect): Suspect {
  const { subject } = suspect;
  if (subject.kind !== "landing" || subject.landing.pullRequest === undefined) return suspect;
  const [title = ""] = subject.landing.message
    .slice(0, 10_000)
    .trimStart()
    .split(/[\r\n]/, 1);
  const tail = ` (#${subject.landing.pullRequest})`;
  if (!title.endsWith(tail)) return suspect;
  return { ...suspect, subject: { ...subject, landing: { ...subject.landing, message: title.slice(0, -tail.length) } } };
}

/** Link and title of a suspect, without rank or percent. */
export function suspectLine({ subject }: Suspect, max = 150): string {
  if (subject.kind === "other") return otherLine(subject.change, max);
  return subject.kind === "landing"
    ? `${commitLink(subject.landing)} ${titleOf(subject.landing.message, max)}`
    : rolloutTitle(subject.rollout);
}

/** A reported change carries its own link, where its sender gave one. */
function otherLine(change: OtherChange, max: number): string {
  const words = escape(wordsOf(change), max);
  return change.kind === "reported" && change.url ? link(change.url, words) : words;
}

/** The same without a link, for notifications. */
export function suspectTitle({ subject }: Suspect, max: number): string {
  if (subject.kind === "other") return titleOf(wordsOf(subject.change), max);
  return subject.kind === "landing"
    ? titleOf(subject.landing.message, max)
    : `rollout of revision ${count(subject.rollout.revision)}`;
}

/** Where a suspect comes from, plain: the author's name, or the tool that rolled out. */
export function authorName({ subject }: Suspect): string | undefined {
  return subject.kind === "landing" ? escape(subject.landing.author.name, 60) || undefined : undefined;
}

function commitLink({ url, sha, repository }: Landing): string {
  const origin = URL.parse(url)?.origin;
  const commit = url.includes(`/commit/${sha}`) || origin === undefined ? url : `${origin}/${repository}/commit/${sha}`;
  return link(commit, escape(sha.slice(0, 7), 20) || "commit");
}

function rolloutTitle({ revision, workload, commit, images }: Rollout): string {
  const built = commit === undefined ? "" : `, built from ${builtFrom(commit)}`;
  const image = images[0] === undefined ? "" : ` (${code(images[0].image, 100)})`;
  const name = escape(workload.split("/").slice(1).join("/"), 100);
  return `Rollout of revision ${count(revision)} of ${name}${image}${built}; no commit of ours is known for it`;
}

/** A commit, how it is known, and how sure that is where it is not. */
function builtFrom(commit: CommitGuess): string {
  const doubt = reliabilityOf(commit) === "weak" ? " (weak)" : "";
  return `${code(commit.sha.slice(0, 7), 20)}, ${wayOf(commit)}${doubt}`;
}

function origin(suspect: Suspect, { onsetAt }: Diagnosis, now: Instant, event: BeginsAs): string {
  const { subject } = suspect;
  if (subject.kind === "rollout")
    return `Rolled out at ${when(subject.rollout.at, now)}, ${beforeIt(subject.rollout.at, onsetAt, event)}`;
  if (subject.kind === "other") {
    const by = subject.change.kind === "reported" && subject.change.by ? `${escape(subject.change.by, 60)} · ` : "";
    return `${by}${by ? "at" : "At"} ${when(subject.change.at, now)}, ${beforeIt(subject.change.at, onsetAt, event)}`;
  }
  const { landing } = subject;
  const pull = landing.pullRequest === undefined ? "" : ` · ${pullLink(landing, landing.pullRequest)}`;
  return `${authorName(suspect) ?? "unknown author"} · landed at ${when(landing.at, now)}, ${beforeIt(landing.at, onsetAt, event)} · ${counted(landing.filesTotal, "file")}${pull}`;
}

function pullLink({ url, repository }: Landing, number: number): string {
  const origin = URL.parse(url)?.origin;
  return link(origin === undefined ? undefined : `${origin}/${repository}/pull/${number}`, `#${number}`);
}

function beforeIt(at: Instant, onsetAt: Instant, event: BeginsAs): string {
  return at <= onsetAt ? `${duration(onsetAt - at)} before the ${event}` : `${duration(at - onsetAt)} after the ${event} began`;
}

function evidenceLines(evidence: readonly Evidence[], max: number): string[] {
  const byWeight = [...withoutEcho(evidence)].sort((left, right) => right.weight - left.weight);
  const against = byWeight.filter((piece) => !piece.for).slice(0, Math.ceil(max / 3));
  const speaksFor = byWeight.filter((piece) => piece.for).slice(0, Math.max(0, max - against.length));
  return [...speaksFor.map(({ text }) => `+ ${escape(text, 180)}`), ...against.map(({ text }) => `− ${escape(text, 180)}`)];
}

/** How long after its rollout the climb began is part of what "in-rollout" says. */
function withoutEcho(evidence: readonly Evidence[]): readonly Evidence[] {
  const told = evidence.some(({ kind, for: supports }) => kind === "in-rollout" && supports);
  return told ? evidence.filter(({ kind, for: supports }) => kind !== "delay" || !supports) : evidence;
}

function noSuspect({ none, noneEvidence, candidates }: Diagnosis, detail: Detail): Block {
  const reasons = evidenceLines(noneEvidence, detail.first + 2);
  const chance = `The chance that no change did it is ${percent(none)}.`;
  const looked =
    candidates === 0
      ? `No change was found in the time before the ${detail.event ?? "climb"}.`
      : `None of the ${counted(candidates, "change")} looked at stands out.`;
  return section([`*No suspect* ${looked} ${chance}`, ...reasons].join("\n"));
}

function footnote(
  { candidates, named, none, compareUrl, ownUrls = [], between, onsetAt, rollout }: Diagnosis,
  now: Instant,
  { first, event = "climb" }: Detail,
): string {
  // Where all must be short, one link has to do.
  const own = first === 0 ? [] : ownUrls;
  const parts = [
    link(compareUrl, compareUrl === undefined ? "" : "Compare what ran before with what runs now"),
    between === undefined
      ? ""
      : `${count(between.own)} of ${counted(between.all, "landing")} in between ${between.own === 1 ? "is" : "are"} its own`,
    ...own.map(({ path, url }) => link(url, `only ${escape(path, 40)}`)),
    rollout?.commit === undefined ? "" : `revision ${count(rollout.revision)} is built from ${builtFrom(rollout.commit)}`,
    `${event} began at ${when(onsetAt, now)}`,
    `${counted(candidates, "change")} looked at`,
    named ? `chance that no change did it: ${percent(none)}` : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
