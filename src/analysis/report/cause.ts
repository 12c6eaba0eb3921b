import type { Diagnosis, Evidence, Suspect } from "#domain/diagnosis.ts";
import type { Landing } from "#domain/change.ts";
import { standingOn } from "#domain/verdict.ts";
import type { Instant } from "#domain/workload.ts";
import { suspectTitle } from "#analysis/suspect-title.ts";
import { count, duration } from "#analysis/words.ts";
import { type ReportFacts, beganAt, personOf, suspectsOf } from "./facts.ts";
import { code, link, moment, text } from "./markdown.ts";
import { percent } from "./words.ts";

const mostEvidence = 12;

/** Each suspect with its chance, what speaks for it and against it, and what people said; or why there is none. */
export function cause(facts: ReportFacts): readonly string[] {
  const { diagnosis } = facts.incident;
  if (!diagnosis) return ["The changes before it have not been read yet."];
  const suspects = suspectsOf(facts.incident);
  if (suspects.length === 0) return nobody(diagnosis);
  return [...suspects.flatMap((suspect, index) => suspectLines(facts, suspect, index)), ...rest(diagnosis)];
}

function nobody({ none, noneEvidence, candidates }: Diagnosis): readonly string[] {
  return [
    `No change was named: ${count(candidates, "change")} looked at, and the chance that none of them did it is ${percent(none)}.`,
    ...noneEvidence
      .slice(0, mostEvidence)
      .map(({ text: said, for: isFor }) => `- ${isFor ? "For" : "Against"} that: ${text(said, 300)}`),
  ];
}

function suspectLines(facts: ReportFacts, suspect: Suspect, index: number): readonly string[] {
  const { subject, evidence, probability } = suspect;
  return [
    `### ${index + 1}. ${percent(probability)}: ${link(text(suspectTitle(subject, 150), 200), urlOf(suspect))}`,
    "",
    origin(suspect, beganAt(facts.incident)),
    "",
    ...evidenceLines(evidence),
    ...said(facts, suspect),
    "",
  ];
}

function urlOf({ subject }: Suspect): string | undefined {
  if (subject.kind === "landing") return commitUrl(subject.landing);
  return subject.kind === "other" && subject.change.kind === "reported" ? subject.change.url : undefined;
}

function commitUrl({ url, sha, repository }: Landing): string {
  const origin = URL.parse(url)?.origin;
  return url.includes(`/commit/${sha}`) || origin === undefined ? url : `${origin}/${repository}/commit/${sha}`;
}

function origin({ subject }: Suspect, began: Instant): string {
  if (subject.kind === "landing") {
    const { author, at, filesTotal, pullRequest, repository, url } = subject.landing;
    const home = URL.parse(url)?.origin;
    const pull =
      pullRequest === undefined
        ? ""
        : ` ${link(`Pull request ${pullRequest}`, home && `${home}/${repository}/pull/${pullRequest}`)}.`;
    return `By ${text(author.name, 80)}, landed ${moment(at)}, ${before(began - at)}; ${count(filesTotal, "file")}.${pull}`;
  }
  const { at } = subject.kind === "rollout" ? subject.rollout : subject.change;
  return `At ${moment(at)}, ${before(began - at)}.`;
}

function before(ms: number): string {
  return ms >= 0 ? `${duration(ms)} before it began` : `${duration(ms)} after it began`;
}

function evidenceLines(evidence: readonly Evidence[]): readonly string[] {
  const heaviest = evidence.toSorted((a, b) => b.weight - a.weight).slice(0, mostEvidence);
  return [...heaviest.filter((one) => one.for), ...heaviest.filter((one) => !one.for)].map(
    (one) => `- ${one.for ? "For" : "Against"}: ${text(one.text, 300)}`,
  );
}

function said(facts: ReportFacts, { id }: Suspect): readonly string[] {
  const stands = standingOn(id, facts.incident.said);
  if (!stands) return [];
  return [`- **${personOf(facts, stands.by)} said, ${moment(stands.at)}: that was${stands.right ? "" : " not"} it.**`];
}

function rest({ none, others, compareUrl, rollbackSafety }: Diagnosis): readonly string[] {
  const { verdict, reason, statements = [] } = rollbackSafety;
  return [
    `The chance that no change did it is ${percent(none)}${others === undefined ? "" : `; all other candidates together have ${percent(others)}`}.`,
    ...(compareUrl === undefined ? [] : ["", link("Compare what ran before with what ran then", compareUrl)]),
    "",
    `Going back: ${safetyWords[verdict]}. ${text(reason, 400)}`,
    ...statements.slice(0, 5).map((one) => `- ${code(one.text, 200)} in ${code(one.path)}`),
  ];
}

const safetyWords = {
  safe: "the code may go back",
  "needs-down-migration": "the schema goes back first",
  "fix-forward": "fix forward",
  unknown: "nobody knows that it may",
} as const;
