import type { ChartBlock } from "#bot/blocks.ts";
import { cut } from "#bot/fit.ts";
import { count } from "#bot/words.ts";
import type { Point } from "#domain/sample.ts";
import type { Instant } from "#domain/workload.ts";
import { dayOf, momentOf } from "./axis.ts";
import { type Chart, type Panel, nearCeiling } from "./chart.ts";

// https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
const mostPoints = 20;
const mostOfLabel = 20;
const mostOfTitle = 50;

/** Fewer are no course. */
const leastPoints = 3;
const minute = 60_000;
/** An incident is looked at so often. */
const lookMs = 15_000;

/**
 * The first panel of a chart as Slack's own chart, over even steps of time that end now. Undefined where too little is known, or where
 * the line hardly moves: there the picture, with its marks, tells more.
 */
export function toChartBlock(chart: Chart): ChartBlock | undefined {
  const [panel] = chart.panels;
  const [first] = panel?.points ?? [];
  if (!panel || !first) return undefined;
  const moments = momentsOf(chart, first.at);
  const values = valuesAt(panel.points, moments);
  if (!isCourse(panel.points, values)) return undefined;
  const categories = moments.map((at) => labelOf(at, chart, moments));
  const days = [...new Set([chart.from, chart.to].map(dayOf))].join(" to ");
  const series = seriesOf(panel, values).map(({ name, values: each }) => ({
    name: cut(name, mostOfLabel),
    data: categories.map((label, index) => ({ label, value: each[index] ?? 0 })),
  }));
  return {
    type: "data_visualization",
    title: titleOf(chart, panel),
    chart: { type: "line", series, axis_config: { categories, x_label: `Time in UTC, ${days}`, y_label: panel.name } },
  };
}

/** The calm takes a third at most: so the bend is seen while the climb is young. */
function momentsOf({ from, to, onset }: Chart, first: Instant): Instant[] {
  const begin = Math.max(from, first, onset - Math.max(5 * minute, (to - onset) / 2));
  const step = stepOf(to - begin);
  const steps = Math.max(0, Math.ceil((to - begin) / step));
  return Array.from({ length: steps + 1 }, (_, index) => to - (steps - index) * step);
}

/** Whole minutes, so that labels are short; less than half of one where the stretch is. */
function stepOf(span: number): number {
  const least = span / (mostPoints - 1);
  const unit = least > 2 * lookMs ? minute : lookMs;
  return Math.max(1, Math.ceil(least / unit)) * unit;
}

/** How it was at each moment; before anything is known, as first known. The highest between two is never left out: it takes the place of the later one, or of the earlier where that is now. */
function valuesAt(points: readonly Point[], moments: readonly Instant[]): number[] {
  const values = moments.map((at) => Math.round((points.findLast((point) => point.at <= at) ?? points[0])?.value ?? 0));
  const shown = points.filter(({ at }) => at >= (moments[0] ?? 0));
  const peak = shown.toSorted((a, b) => b.value - a.value)[0];
  if (!peak || Math.round(peak.value) <= Math.max(...values)) return values;
  const after = moments.findIndex((at) => at >= peak.at);
  return values.with(Math.min(after, moments.length - 2), Math.round(peak.value));
}

function isCourse(points: readonly Point[], values: readonly number[]): boolean {
  return Math.min(points.length, values.length) >= leastPoints && Math.max(...values) > 1.1 * Math.min(...values);
}

/** The line, the top of what is usual, and the ceiling where it comes near. */
function seriesOf(panel: Panel, values: readonly number[]): { name: string; values: readonly number[] }[] {
  const flat = (nameOf: (shown: string) => string, value: number | undefined) =>
    value === undefined ? [] : [{ name: nameOf(count(value)), values: values.map(() => Math.round(value)) }];
  return [
    { name: panel.name, values },
    ...flat((shown) => `Usual up to ${shown}`, panel.usual?.high),
    // It may have been another one when the line began.
    ...flat((shown) => `Ceiling ${shown} now`, nearCeiling(panel)),
  ];
}

/** `14:05`, or `14:05:30` where steps are shorter than a minute. */
function labelOf(at: Instant, chart: Chart, [first = 0, second = 0]: readonly Instant[]): string {
  if (second - first >= minute) return momentOf(at, chart);
  return new Date(Math.floor(at / lookMs) * lookMs).toISOString().slice(11, 19);
}

function titleOf({ title, shortTitle }: Chart, panel: Panel): string {
  const { name, ceiling } = panel;
  const isFar = ceiling !== undefined && nearCeiling(panel) === undefined;
  const rest = isFar ? `; ceiling ${count(ceiling)} far above` : "";
  const room = mostOfTitle - `${name} of ${rest}`.length;
  return `${name} of ${title.length <= room ? title : cut(shortTitle, room)}${rest}`;
}
