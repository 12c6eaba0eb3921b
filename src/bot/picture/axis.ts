import type { Instant } from "#domain/workload.ts";
import { count, seconds } from "#bot/words.ts";
import type { Chart, Panel } from "./chart.ts";
import { left, right } from "./look.ts";

/** Where a moment stands, left to right. */
export function xOf({ from, to }: Pick<Chart, "from" | "to">): (at: Instant) => number {
  const span = Math.max(1, to - from);
  return (at) => left + ((Math.min(to, Math.max(from, at)) - from) / span) * (right - left);
}

const minute = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080].map((minutes) => minutes * minute);
const mostTicks = 6;

/** Round moments in UTC, at most six. */
export function timeTicks({ from, to }: Pick<Chart, "from" | "to">): { at: Instant; label: string }[] {
  const step = steps.find((one) => (to - from) / one <= mostTicks) ?? (to - from) / mostTicks;
  const ticks: { at: Instant; label: string }[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step)
    ticks.push({ at, label: step >= 720 * minute && at % dayMs === 0 ? dayOf(at) : clockOf(at) });
  return ticks;
}

const dayMs = 1_440 * minute;

/** `14:05`, UTC. */
export function clockOf(at: Instant): string {
  return new Date(at).toISOString().slice(11, 16);
}

/** `2 Mar`, UTC. */
export function dayOf(at: Instant): string {
  const moment = new Date(at);
  return `${moment.getUTCDate()} ${months[moment.getUTCMonth()]}`;
}

/** `14:05`, with the day where the chart is longer than half a day; UTC. */
export function momentOf(at: Instant, { from, to }: Pick<Chart, "from" | "to">): string {
  return to - from > dayMs / 2 ? `${dayOf(at)} ${clockOf(at)}` : clockOf(at);
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The least round number (1, 2, 2.5, 5 times a power of ten) that is not below. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** A value as it is written beside its axis. */
export function valueText(value: number, unit: Panel["unit"]): string {
  if (value === 0) return "0";
  if (unit === "seconds") return seconds(value);
  return unit === "count" || value >= 10 ? count(value) : String(Number(value.toPrecision(2)));
}
