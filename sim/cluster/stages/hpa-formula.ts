import type { Autoscaler } from "./hpa-kinds.ts";
import { parseQuantity } from "./quantity.ts";

/** Pods of one kind, added up; CPU in thousandths of a core. */
export interface PodGroup {
  readonly count: number;
  readonly requestMilli: number;
  readonly usageMilli: number;
}

/** The target's pods as the autoscaler sorts them; those on their way out are in none. */
export interface PodGroups {
  /** Ready for long enough that a window of metrics counts. */
  readonly ready: PodGroup;
  /** Pending, or ready for less than a window. */
  readonly unready: PodGroup;
  /** Running without metrics. */
  readonly missing: PodGroup;
}

/** How far a ratio may be from 1 without anything being done. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/** `--horizontal-pod-autoscaler-tolerance`. */
const defaultTolerance: Tolerance = { up: 0.1, down: 0.1 };

/** The autoscaler's own tolerances, or the default ones. */
export function toleranceOf({ spec }: Autoscaler): Tolerance {
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  const up = parseQuantity(scaleUp?.tolerance) ?? defaultTolerance.up;
  return { up, down: parseQuantity(scaleDown?.tolerance) ?? defaultTolerance.down };
}

/** What the formula answers: a count and what was measured, or why there is none. */
export type Proposal =
  | { readonly kind: "count"; readonly replicas: number; readonly utilization: number; readonly averageMilli: number }
  | { readonly kind: "unknown"; readonly why: string };

/** No pods. */
const noPods: PodGroup = { count: 0, requestMilli: 0, usageMilli: 0 };

/**
 * The count that CPU as a percentage of the request asks for: ceil(current x ratio), unless the ratio is within the tolerance. Missing and unready
 * pods are taken as 0 % on the way up and missing ones as 100 % on the way down, and may not turn the direction
 * (kube-controller-manager, replica_calculator.go, GetResourceReplicas).
 */
export function proposeReplicas(
  current: number,
  targetPercent: number,
  groups: PodGroups,
  tolerance = defaultTolerance,
): Proposal {
  const { ready, unready, missing } = groups;
  if (ready.count === 0) return { kind: "unknown", why: "did not receive metrics for targeted pods (pods might be unready)" };
  const measured = ratioOf([ready], targetPercent);
  const answer = (replicas: number): Proposal => ({
    kind: "count",
    replicas,
    utilization: measured.percent,
    averageMilli: Math.floor(ready.usageMilli / ready.count),
  });
  const upWithUnready = unready.count > 0 && measured.ratio > 1;
  if (!upWithUnready && missing.count === 0) {
    return answer(isWithin(measured.ratio, tolerance) ? current : ceil(measured.ratio * ready.count));
  }
  const idle = upWithUnready ? { ...unready, usageMilli: 0 } : noPods;
  return answer(
    careful(current, targetPercent, measured.ratio, [ready, asIf(missing, measured.ratio, targetPercent), idle], tolerance),
  );
}

/** The count with those pods taken for what they may be, unless that turns the direction or changes too little. */
function careful(
  current: number,
  targetPercent: number,
  measured: number,
  counted: readonly PodGroup[],
  tolerance: Tolerance,
): number {
  const { ratio } = ratioOf(counted, targetPercent);
  const replicas = ceil(ratio * counted.reduce((sum, { count }) => sum + count, 0));
  const stay = isWithin(ratio, tolerance) || turns(measured, ratio) || turns(ratio, replicas / current);
  return stay ? current : replicas;
}

function ratioOf(groups: readonly PodGroup[], targetPercent: number): { readonly ratio: number; readonly percent: number } {
  const usage = groups.reduce((sum, { usageMilli }) => sum + usageMilli, 0);
  const request = groups.reduce((sum, { requestMilli }) => sum + requestMilli, 0);
  // Go's integers: cut, not rounded.
  const percent = request === 0 ? 0 : Math.floor((usage * 100) / request);
  return { ratio: percent / targetPercent, percent };
}

function isWithin(ratio: number, { up, down }: Tolerance): boolean {
  return ratio >= 1 - down && ratio <= 1 + up;
}

/** What pods without metrics are taken for. At exactly 1 they are left out. */
function asIf(missing: PodGroup, ratio: number, targetPercent: number): PodGroup {
  if (ratio < 1) return { ...missing, usageMilli: (missing.requestMilli * Math.max(100, targetPercent)) / 100 };
  return ratio > 1 ? { ...missing, usageMilli: 0 } : noPods;
}

function turns(before: number, after: number): boolean {
  return (before < 1 && after > 1) || (before > 1 && after < 1);
}

/** 30 x 1.1 must not become 34 by a rounding error in the last digit. */
function ceil(value: number): number {
  return Math.ceil(value - 1e-9);
}
