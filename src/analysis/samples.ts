import type { Incident, Situation } from "#domain/incident.ts";
import type { Point, Sample, Signals } from "#domain/sample.ts";
import type { Instant, PoolState } from "#domain/workload.ts";
import { nodesBefore } from "./climb.ts";

/** More tell a picture nothing: it is 360 wide. */
const MOST = 400;
/** Of the time before an incident was opened, so much is kept, so finely. */
const BEFORE_MS = 100 * 60_000;
const STEP_MS = 30_000;

/** What is known of the time before an incident was opened: Prometheus' series, and when the nodes came that are there now. */
export function firstSamples({ spike }: Pick<Incident, "spike">, signals: Signals, pool: PoolState | undefined): Sample[] {
  const from = spike.startedAt - BEFORE_MS;
  const moments = Array.from({ length: Math.floor((spike.detectedAt - from) / STEP_MS) }, (_, index) => from + index * STEP_MS);
  const valueAt = createLookUp(signals);
  return moments
    .map((at) => ({ at, ...valueAt(at), ...(pool && { nodes: nodesBefore(pool.nodes, at + 1) }) }))
    .map((sample) => (signals.replicas.length === 0 ? withSpike(sample, spike) : sample))
    .filter((sample) => Object.keys(sample).length > 1);
}

/** Without series the detector's own numbers are known: usual until the climb began. */
function withSpike(sample: Sample, { startedAt, baseline, trouble = "runaway" }: Incident["spike"]): Sample {
  const isAtBeginning = Math.abs(sample.at - startedAt) < STEP_MS / 2;
  return trouble === "runaway" && isAtBeginning ? { ...sample, replicas: Math.round(baseline) } : sample;
}

/** The newest values at a moment, where they are not older than two steps. */
function createLookUp(signals: Signals): (at: Instant) => Omit<Sample, "at"> {
  const [replicasAt, requestsAt, cpuAt] = [signals.replicas, signals.requestsPerSecond, signals.cpuCores].map(cursor);
  return (at) => workOf({ replicas: replicasAt?.(at), ready: replicasAt?.(at), requests: requestsAt?.(at), cpu: cpuAt?.(at) });
}

/** Reads a series at rising moments. */
function cursor(points: readonly Point[]): (at: Instant) => number | undefined {
  let next = 0;
  return (at) => {
    while ((points[next]?.at ?? Infinity) <= at) next += 1;
    const last = points[next - 1];
    return last && at - last.at <= 2 * STEP_MS ? last.value : undefined;
  };
}

interface Work {
  readonly replicas: number | undefined;
  readonly ready: number | undefined;
  readonly requests: number | undefined;
  readonly cpu: number | undefined;
}

function workOf({ replicas, ready, requests, cpu }: Work): Omit<Sample, "at"> {
  return {
    ...(replicas !== undefined && { replicas }),
    ...(cpu !== undefined && requests !== undefined && requests > 0 && { costPerRequest: cpu / requests }),
    ...(cpu !== undefined && ready !== undefined && ready > 0 && { cpuPerReplica: cpu / ready }),
  };
}

/** The samples with how it stands now, thinned where there are too many. Undefined: that moment is known. */
export function withSample(samples: readonly Sample[], now: Situation, isPlace: boolean): readonly Sample[] | undefined {
  if (now.at <= (samples.at(-1)?.at ?? 0)) return undefined;
  const work = workOf({ replicas: now.desired, ready: now.ready, requests: now.requestsPerSecond, cpu: now.cpuCores });
  return thinned([...samples, { at: now.at, ...(isPlace ? {} : work), ...(now.nodes > 0 && { nodes: now.nodes }) }]);
}

/** The last of each stretch of time, the first of all, and the peak. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  const [first] = samples;
  if (samples.length <= MOST || first === undefined) return samples;
  const width = ((samples.at(-1)?.at ?? 0) - first.at) / (MOST * 0.7);
  const stretchOf = (sample: Sample | undefined) => (sample ? Math.floor((sample.at - first.at) / width) : -1);
  const peak = samples.reduce((most, sample) => ((sample.replicas ?? 0) > (most.replicas ?? 0) ? sample : most));
  return samples.filter((sample, index) => index === 0 || sample === peak || stretchOf(sample) !== stretchOf(samples[index + 1]));
}
