import type { Sample } from "./samples.ts";

/** Normal, as the cluster showed it before the story's first event. */
export interface UsualLevels {
  readonly replicas: number;
  readonly nodes: number;
  readonly costPerRequest: number;
  readonly latencySeconds: number;
  readonly cpuPerReplica: number;
}

/** The end's three moments, in clock milliseconds; undefined where it did not come. */
export interface Moments {
  readonly mitigatedAt?: number;
  readonly recoveredAt?: number;
  readonly settledAt?: number;
}

const holdMs = 5 * 60_000;

/** Medians of what was seen before the trouble. */
export function usualOf(samples: readonly Sample[]): UsualLevels {
  const median = (of: (sample: Sample) => number) => {
    const values = samples
      .map(of)
      .filter(Number.isFinite)
      .toSorted((a, b) => a - b);
    return values[Math.floor(values.length / 2)] ?? NaN;
  };
  return {
    replicas: median(({ desired }) => desired),
    nodes: median(({ nodes }) => nodes),
    costPerRequest: median(costOf),
    latencySeconds: median(({ latencySeconds }) => latencySeconds),
    cpuPerReplica: median(cpuOf),
  };
}

/**
 * The moments after the first message, by the project's words: mitigated is the last rise of `spec.replicas` (rises within a quarter
 * of the usual are ordinary life); recovered and settled are when their condition has held for five minutes.
 */
export function momentsOf(
  samples: readonly Sample[],
  usual: UsualLevels,
  isBad: (image: string) => boolean,
  firstMessageAt: number,
): Moments {
  const after = samples.filter(({ at }) => at >= firstMessageAt);
  const mitigatedAt = lastRise(after, usual);
  const recoveredAt = firstHold(after, (sample) => isWell(sample, usual) && !isBad(sample.image));
  const settledAt = firstHold(after, (sample) => isNear(sample.desired, usual.replicas) && isNear(sample.nodes, usual.nodes));
  return {
    mitigatedAt: mitigatedAt ?? firstMessageAt,
    ...(recoveredAt === undefined ? {} : { recoveredAt }),
    ...(settledAt === undefined ? {} : { settledAt }),
  };
}

function lastRise(samples: readonly Sample[], usual: UsualLevels): number | undefined {
  return samples.findLast(
    (sample, index) => sample.desired > (samples[index - 1]?.desired ?? sample.desired) && sample.desired > usual.replicas * 1.25,
  )?.at;
}

/** The end of the first five minutes through which it holds. */
function firstHold(samples: readonly Sample[], holds: (sample: Sample) => boolean): number | undefined {
  let since: number | undefined;
  for (const sample of samples) {
    if (!holds(sample)) since = undefined;
    else since ??= sample.at;
    if (since !== undefined && sample.at - since >= holdMs) return since + holdMs;
  }
  return undefined;
}

function isWell(sample: Sample, usual: UsualLevels): boolean {
  const within = (value: number, normal: number) => value <= normal * 1.5;
  return (
    sample.complete &&
    within(costOf(sample), usual.costPerRequest) &&
    within(sample.latencySeconds, usual.latencySeconds) &&
    within(cpuOf(sample), usual.cpuPerReplica)
  );
}

function isNear(value: number, usual: number): boolean {
  return Math.abs(value - usual) <= usual * 0.25;
}

function costOf({ cpuCores, requestsPerSecond }: Sample): number {
  return cpuCores / requestsPerSecond;
}

function cpuOf({ cpuCores, ready }: Sample): number {
  return cpuCores / ready;
}
