import type { Sample } from "#sim/demo/samples.ts";

/** Replicas and nodes by seconds since the bad rollout. */
export interface Curve {
  readonly points: readonly {
    readonly seconds: number;
    readonly replicas: number;
    readonly ready: number;
    readonly nodes: number;
  }[];
}

/** The curve of what was seen, from a minute before the rollout on. */
export function curveOf(samples: readonly Sample[], rolloutAt: number): Curve {
  const points = samples.map(({ at, desired: replicas, ready, nodes }) => ({
    seconds: Math.round((at - rolloutAt) / 1_000),
    replicas,
    ready,
    nodes,
  }));
  return { points: points.filter(({ seconds }) => seconds >= -60) };
}
