import type { Answered } from "./predict.ts";

/** How well answers fit the labels; shares from 0 to 1. Counted as score-ranking.mjs of the ranking data counts. */
export interface Score {
  /** Failures found an hour or more after landing, with at least three candidates; and incidents that no change caused. */
  readonly failures: number;
  readonly calm: number;
  readonly hit1: number;
  readonly hit3: number;
  readonly hit5: number;
  /** Mean reciprocal rank. */
  readonly mrr: number;
  /** Of the failures: a suspect had 50 % or more; of those: it was the one; of the calm: a suspect had 50 % or more. */
  readonly named: number;
  readonly right: number;
  readonly wrong: number;
  /** Mean -log chance given to the truth, nats; and what knowing the base rates only gives. */
  readonly logLoss: number;
  readonly baseLogLoss: number;
  /** Expected calibration error of the first suspect's probability, ten bins. */
  readonly calibration: number;
}

const MIN_LAG = 60;

/** The answers that count. */
export function scored(answers: readonly Answered[]): { failures: Answered[]; calm: Answered[] } {
  const failures = answers.filter(
    ({ incident, candidates }) =>
      incident.culprit !== undefined &&
      !incident.planned &&
      candidates.length >= 3 &&
      candidates.includes(incident.culprit) &&
      (incident.lagMinutes ?? 0) >= MIN_LAG,
  );
  return { failures, calm: answers.filter(({ incident }) => incident.culprit === undefined) };
}

/** Scores answers. */
export function scoreOf(answers: readonly Answered[]): Score {
  const { failures, calm } = scored(answers);
  const all = [...failures, ...calm];
  const ranks = failures.map(rankOf);
  const named = failures.filter(({ answer }) => firstOf(answer) >= 0.5);
  const baseRate = calm.length / all.length;
  const recency = failures.map(({ candidates, incident }) => candidates.length - candidates.indexOf(incident.culprit ?? ""));
  const chance = (rank: number) => ((1 - baseRate) * (recency.filter((one) => one === rank).length + 1)) / (recency.length + 50);
  return {
    failures: failures.length,
    calm: calm.length,
    ...hits(ranks),
    named: named.length / failures.length,
    right: named.filter(({ answer, incident }) => answer.suspects[0]?.id === incident.culprit).length / Math.max(1, named.length),
    wrong: calm.filter(({ answer }) => firstOf(answer) >= 0.5).length / Math.max(1, calm.length),
    logLoss: mean(all.map((one) => -Math.log(Math.max(1e-6, truthOf(one))))),
    baseLogLoss: mean([...recency.map((rank) => -Math.log(chance(rank))), ...calm.map(() => -Math.log(baseRate))]),
    calibration: calibrationError(all),
  };
}

/** Hits and mean reciprocal rank of ranks from 1 on. */
export function hits(ranks: readonly number[]): Pick<Score, "hit1" | "hit3" | "hit5" | "mrr"> {
  const within = (most: number) => mean(ranks.map((rank) => (rank <= most ? 1 : 0)));
  return { hit1: within(1), hit3: within(3), hit5: within(5), mrr: mean(ranks.map((rank) => 1 / rank)) };
}

function rankOf({ answer, incident, candidates }: Answered): number {
  const index = answer.suspects.findIndex((suspect) => suspect.id === incident.culprit);
  return index >= 0 ? index + 1 : Math.max(answer.suspects.length + 1, candidates.length);
}

function firstOf({ suspects }: Answered["answer"]): number {
  return suspects[0]?.probability ?? 0;
}

function truthOf({ answer, incident }: Answered): number {
  if (incident.culprit === undefined) return answer.none;
  return answer.suspects.find((suspect) => suspect.id === incident.culprit)?.probability ?? 0;
}

function calibrationError(all: readonly Answered[]): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, said: 0, right: 0 }));
  for (const { answer, incident } of all) {
    const first = answer.suspects[0];
    const bin = first && bins[Math.min(9, Math.floor(first.probability * 10))];
    if (!first || !bin) continue;
    bin.n += 1;
    bin.said += first.probability;
    bin.right += first.id === incident.culprit ? 1 : 0;
  }
  const total = bins.reduce((sum, bin) => sum + bin.n, 0);
  return bins.reduce((sum, bin) => sum + Math.abs(bin.said - bin.right) / total, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
