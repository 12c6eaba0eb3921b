import { wordsOf } from "#domain/change-words.ts";
import type { Evidence, Suspect } from "#domain/diagnosis.ts";
import type { Instant } from "#domain/workload.ts";
import type { HistoryAnswer } from "#analysis/history.ts";
import { duration } from "#analysis/words.ts";
import { type Style, fit, pad, plain, widthOf } from "./terminal.ts";

/** Suspects that are told, and lines of evidence of the first and of each other. */
const most = { suspects: 5, first: 8, others: 4 };
const worthTelling = 0.01;

/** Suspects with their reasons, as lines for a person; the first is there even when it is weak. */
export function renderAnswer({ suspects, none, noneEvidence }: HistoryAnswer, at: Instant, style: Style): string[] {
  const told = suspects.slice(0, most.suspects).filter(({ probability }, index) => index === 0 || probability >= worthTelling);
  const rows = told.map((suspect) => ({ suspect, ...columnsOf(suspect, at) }));
  const widths = {
    commit: widest(["commit", ...rows.map(({ commit }) => commit)]),
    when: widest(["landed", ...rows.map(({ when }) => when)]),
    author: Math.min(
      style.columns !== undefined && style.columns < 110 ? 14 : 24,
      widest(["author", ...rows.map(({ author }) => author)]),
    ),
  };
  const lines = rows.flatMap(({ suspect, ...row }, index) => {
    const head = [
      `${index + 1}`.padStart(2),
      percent(suspect.probability).padStart(6),
      pad(row.commit, widths.commit),
      pad(row.when, widths.when),
      pad(fit(row.author, widths.author), widths.author),
    ].join("  ");
    const room = style.columns === undefined ? 120 : Math.max(20, style.columns - widthOf(head) - 2);
    const reasons = reasonsOf(suspect.evidence, index === 0 ? most.first : most.others, style);
    return [`${style.strong(head)}  ${fit(row.title, room)}`, ...reasons, ""];
  });
  const rest = suspects.slice(told.length);
  const share = rest.reduce((sum, { probability }) => sum + probability, 0);
  return [
    ...(rows.length > 0 ? [style.faint(headOf(widths)), ""] : []),
    ...lines,
    ...(rest.length > 0 ? [style.faint(`    ${percent(share).padStart(6)}  ${others(rest.length)}`), ""] : []),
    `${style.strong(`    ${percent(none).padStart(6)}`)}  No suspect: none of these changes did it`,
    ...reasonsOf(noneEvidence, most.others, style),
  ];
}

function headOf({ commit, when, author }: { commit: number; when: number; author: number }): string {
  return [" #", "chance".padStart(6), pad("commit", commit), pad("landed", when), pad("author", author), "title"].join("  ");
}

function others(count: number): string {
  return count === 1 ? "1 other change" : `${count.toLocaleString("en-US")} other changes together`;
}

interface Columns {
  readonly commit: string;
  readonly when: string;
  readonly author: string;
  readonly title: string;
}

function columnsOf({ id, subject }: Suspect, at: Instant): Columns {
  switch (subject.kind) {
    case "landing": {
      const { sha, author, message } = subject.landing;
      return { ...when(subject.landing.at, at), commit: sha.slice(0, 10), author: plain(author.name), title: titleOf(message) };
    }
    case "rollout": {
      const { rollout } = subject;
      return { ...when(rollout.at, at), commit: "-", author: "-", title: plain(`Rollout of ${rollout.workload}`) };
    }
    case "other":
      return {
        ...when(subject.change.at, at),
        commit: plain(id).slice(0, 10),
        author: "-",
        title: plain(wordsOf(subject.change)),
      };
  }
}

function when(changedAt: Instant, at: Instant): { readonly when: string } {
  return { when: `${duration(at - changedAt)} before` };
}

/** The first line of a commit message. */
export function titleOf(message: string): string {
  return plain(message.trimStart().split(/[\r\n]/, 1)[0] ?? "") || "(no message)";
}

/** Strongest first; a third of the room is for what speaks against. */
function reasonsOf(evidence: readonly Evidence[], room: number, style: Style): string[] {
  const byWeight = evidence.toSorted((a, b) => b.weight - a.weight);
  const against = byWeight.filter((piece) => !piece.for).slice(0, Math.ceil(room / 3));
  const speaksFor = byWeight.filter((piece) => piece.for).slice(0, room - against.length);
  return [
    ...speaksFor.map(({ text }) => `            ${style.good("+")} ${plain(text)}`),
    ...against.map(({ text }) => `            ${style.bad("-")} ${plain(text)}`),
  ];
}

/** Whole percent, never 0 or 100: nobody is that sure. */
function percent(probability: number): string {
  if (probability < worthTelling) return "<1 %";
  return `${Math.min(99, Math.round(probability * 100))} %`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}
