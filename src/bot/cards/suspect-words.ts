import type { CommitGuess, Landing, OtherChange, Rollout } from "#domain/change.ts";
import { wordsOf } from "#domain/change-words.ts";
import { reliabilityOf, wayOf } from "#domain/commit-words.ts";
import type { Diagnosis, Suspect } from "#domain/diagnosis.ts";
import type { Instant } from "#domain/workload.ts";
import { code, escape, link, titleOf } from "#bot/escape.ts";
import { count, counted, duration, when } from "#bot/words.ts";

/** A count climbs; other troubles begin. */
export type BeginsAs = "climb" | "trouble";

/** The suspects worth naming: the first, and up to two more that are not mere noise. */
export function namedSuspects({ named, suspects }: Diagnosis): readonly Suspect[] {
  return named ? suspects.slice(0, 3).filter(({ probability }, index) => index === 0 || probability >= 0.05) : [];
}

/** Link and title of a suspect, without rank or percent. */
export function suspectLine(suspect: Suspect, max = 150): string {
  const { subject } = withoutNumber(suspect);
  if (subject.kind === "other") return otherLine(subject.change, max);
  return subject.kind === "landing"
    ? `${commitLink(subject.landing)} ${titleOf(subject.landing.message, max)}`
    : rolloutTitle(subject.rollout);
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
export function builtFrom(commit: CommitGuess): string {
  const doubt = reliabilityOf(commit) === "weak" ? " (weak)" : "";
  return `${code(commit.sha.slice(0, 7), 20)}, ${wayOf(commit)}${doubt}`;
}

/** Whose it is, and when it came. */
export function origin(suspect: Suspect, { onsetAt }: Pick<Diagnosis, "onsetAt">, now: Instant, event: BeginsAs): string {
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
  const { origin: host } = URL.parse(url) ?? {};
  return link(host === undefined ? undefined : `${host}/${repository}/pull/${number}`, `#${number}`);
}

function beforeIt(at: Instant, onsetAt: Instant, event: BeginsAs): string {
  return at <= onsetAt ? `${duration(onsetAt - at)} before the ${event}` : `${duration(at - onsetAt)} after the ${event} began`;
}
