import type { Evidence, Suspect, SuspectSubject } from "#domain/diagnosis.ts";
import type { Candidate } from "./correlate.ts";
import { type Finding, type Scene, evidenceOf } from "./evidence/scene.ts";
import { evidenceKinds } from "./evidence/all.ts";
import { isRead } from "./evidence/unread.ts";
import { type Weight, type Weights, knowledgeOf, learntWeights, weigh } from "./weights.ts";

/** Log-odds of "no change did it" against an average candidate, where the workload's rollouts are known. Set by hand. */
const NONE_PRIOR = 2;
/** A landing whose diff was not read gets no more than this in the service. */
const UNREAD_AT_MOST = 0.5;
/** Evidence that weighs less is not told. */
const TOLD_FROM = 0.05;

export interface Ranking {
  /** Best first. */
  readonly suspects: readonly Suspect[];
  readonly none: number;
  /** How many times likelier the first is than none, before the cap for unread diffs. */
  readonly lead: number;
}

export interface RankOptions {
  /** How many of the first come with their evidence told; all others have none. */
  readonly told?: number;
  readonly weights?: Weights;
  /** Factors by kind of evidence, as this workspace's verdicts taught them; 1 where none is given. */
  readonly factors?: Readonly<Record<string, number>>;
}

/** Adds up the evidence for each candidate and turns the sums into chances that, with `none`, add up to 1. */
export function rank(
  candidates: readonly Candidate[],
  scene: Scene,
  forNone: readonly Evidence[],
  { told = Infinity, weights = learntWeights, factors = {} }: RankOptions = {},
): Ranking {
  const knowledge = knowledgeOf({ ...scene.ownership, paths: scene.own });
  const learnt = new Map(Object.entries(weights.features[knowledge]));
  // What is found is weighed and let go: only the few that are told are looked at again.
  const scores = Float64Array.from(candidates, (candidate) => {
    let sum = 0;
    weighAll(candidate, scene, learnt, factors, (_found, weight) => (sum += weight));
    return sum;
  });
  const none = priorOfNone(scene, weights) + forNone.reduce((sum, one) => sum + (one.for ? one.weight : -one.weight), 0);
  const { shares, lead } = sharesOf(scores, none, (index) => isFree(candidates[index], scene));
  const order = [...candidates.keys()].toSorted((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || byId(candidates, a, b));
  const suspects = order.flatMap((index, place): Suspect[] => {
    const candidate = candidates[index];
    if (!candidate) return [];
    const evidence = place < told ? tell(candidate, scene, learnt, factors) : [];
    return [{ id: candidate.id, probability: shares[index] ?? 0, subject: subjectOf(candidate), evidence }];
  });
  return { suspects, none: Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0)), lead };
}

function byId(candidates: readonly Candidate[], a: number, b: number): number {
  return (candidates[a]?.id ?? "") < (candidates[b]?.id ?? "") ? -1 : 1;
}

type Learnt = ReadonlyMap<string, Weight>;
type Factors = Readonly<Record<string, number>>;

function weighAll(
  candidate: Candidate,
  scene: Scene,
  learnt: Learnt,
  factors: Factors,
  take: (found: Finding, weight: number) => void,
): void {
  for (const kind of evidenceKinds) {
    const found = kind(candidate, scene);
    if (found) take(found, (found.weight ?? weigh(found.features ?? {}, learnt)) * (factors[found.kind] ?? 1));
  }
}

function tell(candidate: Candidate, scene: Scene, learnt: Learnt, factors: Factors): Evidence[] {
  const told: Evidence[] = [];
  weighAll(candidate, scene, learnt, factors, (found, weight) => {
    if (Math.abs(weight) >= TOLD_FROM || found.features === undefined) told.push(evidenceOf(found, weight));
  });
  return told.toSorted((a, b) => b.weight - a.weight);
}

function priorOfNone({ regime, survey, ownership, own }: Scene, weights: Weights): number {
  if (regime === "rollouts") return NONE_PRIOR;
  const knowledge = knowledgeOf({ ...ownership, paths: own });
  const { bias, candidates, noService, service } = weights.none[knowledge];
  const ofService = knowledge === "unknown" ? 0 : survey.ofService;
  return (
    bias +
    candidates * Math.log(Math.max(1, survey.landings)) +
    (ofService === 0 ? noService : 0) +
    service * Math.log1p(ofService)
  );
}

function sharesOf(
  scores: Float64Array,
  none: number,
  isFreeAt: (index: number) => boolean,
): { readonly shares: readonly number[]; readonly lead: number } {
  const best = scores.reduce((high, score) => Math.max(high, score), -Infinity);
  const highest = Math.max(best, none);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), Math.exp(none - highest));
  const shares = [...scores].map((score) => Math.exp(score - highest) / total);
  return { shares: capUnread(shares, isFreeAt), lead: Math.exp(best - none) };
}

/** What a cap takes from one goes to all others (and none) in proportion. Only one share can be above a half. */
function capUnread(shares: readonly number[], isFreeAt: (index: number) => boolean): readonly number[] {
  const over = shares.findIndex((share, index) => share > UNREAD_AT_MOST && !isFreeAt(index));
  const held = shares[over];
  if (held === undefined) return shares;
  const grow = (1 - UNREAD_AT_MOST) / (1 - held);
  return shares.map((share, index) => (index === over ? UNREAD_AT_MOST : held >= 1 ? 0 : share * grow));
}

/** May it pass a half? */
function isFree(candidate: Candidate | undefined, { regime }: Scene): boolean {
  return !candidate?.landing || isRead(candidate.landing) || regime === "landings";
}

function subjectOf({ landing, rollout, other, elsewhere }: Candidate): SuspectSubject {
  if (landing) return { kind: "landing", landing };
  if (other) return { kind: "other", change: other };
  const own = elsewhere ?? rollout;
  if (own) return { kind: "rollout", rollout: own };
  throw new Error("Cannot name a candidate: it holds no change");
}
