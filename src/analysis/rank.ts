import type { Evidence, Suspect, SuspectSubject } from "#domain/diagnosis.ts";
import type { Candidate } from "./correlate.ts";
import type { Scene } from "./evidence/scene.ts";
import { evidenceKinds } from "./evidence/all.ts";
import { isRead } from "./evidence/unread.ts";

/** Log-odds of "no change did it" against a candidate that nothing is known about. */
const NONE_PRIOR = 2;
/** A landing whose diff was not read gets no more than this, unless nothing else came with the only rollout. */
const UNREAD_AT_MOST = 0.5;

export interface Ranking {
  /** Best first. */
  readonly suspects: readonly Suspect[];
  readonly none: number;
  /** How many times likelier the first is than none, before the cap for unread diffs. */
  readonly lead: number;
}

/** Adds up the evidence for each candidate and turns the sums into chances that, with `none`, add up to 1. */
export function rank(candidates: readonly Candidate[], scene: Scene, forNone: readonly Evidence[]): Ranking {
  const judged = candidates.map((candidate) => {
    const evidence = evidenceKinds.map((kind) => kind(candidate, scene)).filter((found) => found !== undefined);
    return { candidate, evidence: evidence.toSorted((a, b) => b.weight - a.weight), score: sumOf(evidence) };
  });
  const none = NONE_PRIOR + sumOf(forNone);
  const highest = judged.reduce((best, { score }) => Math.max(best, score), none);
  const total = judged.reduce((sum, { score }) => sum + Math.exp(score - highest), Math.exp(none - highest));
  const shares = judged.map(({ score }) => Math.exp(score - highest) / total);
  const capped = capUnread(
    shares,
    judged.map(({ candidate }) => mayPassHalf(candidate, scene)),
  );
  const suspects = judged.map(({ candidate, evidence }, index): Suspect => ({
    id: candidate.id,
    probability: capped[index] ?? 0,
    subject: subjectOf(candidate),
    evidence,
  }));
  return {
    suspects: suspects.toSorted((a, b) => b.probability - a.probability || (a.id < b.id ? -1 : 1)),
    none: Math.max(0, 1 - capped.reduce((sum, share) => sum + share, 0)),
    lead: Math.exp(judged.reduce((best, { score }) => Math.max(best, score), -Infinity) - none),
  };
}

function sumOf(evidence: readonly Evidence[]): number {
  return evidence.reduce((sum, one) => sum + (one.for ? one.weight : -one.weight), 0);
}

/** What a cap takes from one goes to all others (and none) in proportion. Only one share can be above a half. */
function capUnread(shares: readonly number[], free: readonly boolean[]): number[] {
  const over = shares.findIndex((share, index) => share > UNREAD_AT_MOST && !free[index]);
  const held = shares[over];
  if (held === undefined) return [...shares];
  const grow = (1 - UNREAD_AT_MOST) / (1 - held);
  return shares.map((share, index) => (index === over ? UNREAD_AT_MOST : held >= 1 ? 0 : share * grow));
}

function mayPassHalf({ landing, rollout }: Candidate, { window }: Scene): boolean {
  if (!landing || isRead(landing)) return true;
  const inWindow = window.rollouts.filter((other) => other.at <= (window.preceding?.at ?? 0));
  const alone = window.landings.filter((other) => window.rolloutOf.get(other.id)?.id === rollout?.id).length === 1;
  return rollout !== undefined && inWindow.length === 1 && alone;
}

function subjectOf({ landing, rollout, other, elsewhere }: Candidate): SuspectSubject {
  if (landing) return { kind: "landing", landing };
  if (other) return { kind: "other", change: other };
  if (elsewhere) return { kind: "rollout", rollout: elsewhere };
  if (rollout) return { kind: "rollout", rollout };
  throw new Error("Cannot name a candidate: it holds no change");
}
