import type { Sample } from "#sim/demo/samples.ts";

export const start = Date.UTC(2026, 2, 4, 1);
export const minute = 60_000;

export function aSample(over: Partial<Sample> = {}): Sample {
  const desired = over.desired ?? 30;
  return {
    at: start,
    desired,
    ready: desired,
    complete: true,
    image: "app:good",
    nodes: 10,
    requestsPerSecond: 360,
    latencySeconds: 0.014,
    cpuCores: 3.6,
    wanted: desired,
    ...over,
  };
}

/** A sample every quarter of a minute, from minute `from` to minute `to`. */
export function someSamples(from: number, to: number, of: (at: number) => Partial<Sample> = () => ({})): Sample[] {
  const samples: Sample[] = [];
  for (let at = from; at < to; at += 0.25) samples.push(aSample({ at: start + at * minute, ...of(at) }));
  return samples;
}
