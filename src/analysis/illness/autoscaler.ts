import { count } from "#analysis/words.ts";
import { type Facts, type Mark, type Rule, quoted } from "./facts.ts";

const MINUTE = 60_000;
/** After each rollout the metric is unknown for a sync or two; a metrics server that restarts takes a few minutes. */
const HOLD_MS = 10 * MINUTE;
/** Three times up and down within the hour. */
const TURNS = 6;
/** A swing counts from this factor and this many replicas. */
const SWING = 1.2;
const SWING_PODS = 2;

/** The autoscaler cannot read what it scales by. */
export const noMetrics: Rule<Facts> = ({ state }) => {
  const { autoscaler, desired } = state;
  // One that may not scale, or has nothing to scale, hurts nobody.
  if (!autoscaler?.inactive || autoscaler.min >= autoscaler.max || desired === 0) return undefined;
  const { reason, message } = autoscaler.inactive;
  const why = [reason, quoted(message)].filter((part) => part !== "").join(": ");
  const text = `The autoscaler cannot work, so the count stays at ${count(desired)} whatever the load is${why === "" ? "" : ` (${why})`}.`;
  return { kind: "no-metrics", value: desired, usual: desired, text, holdMs: HOLD_MS };
};

/** The count goes up and down again and again: each turn starts and stops pods for nothing. */
export const flapping: Rule<Facts> = ({ state, counts, at }) => {
  if (!state.autoscaler) return undefined;
  const turns = turnsOf(counts);
  const [low, high] = [Math.min(...counts.map(([, value]) => value)), Math.max(...counts.map(([, value]) => value))];
  if (turns.length < TURNS || at - (turns.at(-1) ?? 0) > 15 * MINUTE) return undefined;
  const text = `The autoscaler goes up and down: ${count(turns.length)} turns within an hour, between ${count(low)} and ${count(high)} replicas.`;
  return { kind: "flapping", value: turns.length, usual: 0, text, holdMs: HOLD_MS };
};

/** When the count turned back after a swing that matters. */
function turnsOf(counts: readonly Mark[]): number[] {
  const turns: number[] = [];
  let from = counts[0]?.[1] ?? 0;
  let extreme = from;
  let direction = 0;
  for (const [at, value] of counts) {
    if (direction === 0 ? isSwing(from, value) : (value - extreme) * direction > 0) {
      direction = Math.sign(value - from);
      extreme = value;
    } else if (direction !== 0 && isSwing(extreme, value)) {
      turns.push(at);
      from = extreme;
      extreme = value;
      direction = -direction;
    }
  }
  return turns;
}

function isSwing(from: number, to: number): boolean {
  return Math.abs(to - from) >= SWING_PODS && Math.max(to, from) >= SWING * Math.max(1, Math.min(to, from));
}
