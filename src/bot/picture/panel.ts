import type { Point } from "#domain/sample.ts";
import { type Chart, type Panel, mostOf, nearCeiling } from "./chart.ts";
import { roundUp, valueText, xOf } from "./axis.ts";
import { bandColour, ceilingColour, faint, grid, ground, haloed, ink, left, right, seriesColours, usualInk } from "./look.ts";
import { element, text } from "./svg.ts";

/** Room above a plot for its name and its numbers. */
export const titleHeight = 17;

/** A panel with its plot from `top + titleHeight` on, `height` high. */
export function renderPanel(chart: Chart, panel: Panel, top: number, height: number): string {
  const bottom = top + titleHeight + height;
  const most = scaleOf(panel);
  const yOf = (value: number) => bottom - (Math.max(0, Math.min(value, most)) / most) * height;
  const x = xOf(chart);
  return [
    renderTitle(panel, top),
    ...[0, most / 2, most].map((value) => gridLine(value, yOf(value), panel)),
    renderBand(panel, yOf),
    ...runsOf(panel, chart).map((run) => renderRun(run, panel, x, yOf, bottom)),
    renderCeiling(panel, most, yOf, top + titleHeight),
    ...renderLast(panel, x, yOf),
  ].join("");
}

function scaleOf(panel: Panel): number {
  return roundUp(Math.max(mostOf(panel), nearCeiling(panel) ?? 0) * 1.04);
}

function renderTitle(panel: Panel, top: number): string {
  const { name, points, usual, unit } = panel;
  const last = points.at(-1)?.value;
  const most = Math.max(...points.map(({ value }) => value));
  const numbers = [
    ...(usual === undefined ? [] : [{ words: `usual ${valueText(usual.value, unit)}`, fill: usualInk }, { words: " · " }]),
    ...(last !== undefined && most > last * 1.05 ? [{ words: `peak ${valueText(most, unit)} · ` }] : []),
    { words: last === undefined ? "not measured" : `now ${valueText(last, unit)}` },
  ];
  return (
    text(name, { x: left, y: top + 12 }, { fill: seriesColours[panel.colour], "font-size": 12, "font-weight": 700, ...haloed }) +
    text(numbers, { x: right, y: top + 12 }, { fill: ink, "font-size": 11, "text-anchor": "end", ...haloed })
  );
}

function gridLine(value: number, y: number, { unit }: Panel): string {
  const isHalf = unit === "count" && !Number.isInteger(value);
  const label = isHalf ? "" : valueText(value, unit);
  return (
    element("line", { x1: left, x2: right, y1: y, y2: y, stroke: grid, "stroke-width": 0.8 }) +
    text(label, { x: left - 5, y: y + 3.5 }, { fill: faint, "font-size": 10.5, "text-anchor": "end" })
  );
}

/** Usual, as a band; beside thousands it would be too thin to see, so it has a least height. */
function renderBand({ usual }: Panel, yOf: (value: number) => number): string {
  if (usual === undefined) return "";
  const low = yOf(usual.low);
  const high = Math.min(yOf(usual.high), low - 3);
  return element("rect", { x: left, y: high, width: right - left, height: low - high, fill: bandColour, "fill-opacity": 0.5 });
}

function renderCeiling({ ceiling, unit }: Panel, most: number, yOf: (value: number) => number, top: number): string {
  if (ceiling === undefined) return "";
  const label = `ceiling ${valueText(ceiling, unit)}`;
  const words = { fill: ceilingColour, "font-size": 11, "font-weight": 600 };
  if (ceiling > most) {
    // Out of the plot: an arrow says where it is.
    const y = top + 3;
    return (
      element("path", { d: `M${left + 5} ${y + 7}l4 -7l4 7z`, fill: ceilingColour }) +
      text(label, { x: left + 17, y: y + 8 }, { ...words, ...haloed })
    );
  }
  const y = yOf(ceiling);
  return (
    element("line", {
      x1: left,
      x2: right,
      y1: y,
      y2: y,
      stroke: ceilingColour,
      "stroke-width": 1.4,
      "stroke-dasharray": "5 3",
    }) + text(label, { x: left + 5, y: y + (y - top < 14 ? 12 : -4) }, { ...words, ...haloed })
  );
}

/** The series in pieces: where nobody looked, nothing is drawn. */
function runsOf({ points }: Panel, { from, to }: Chart): Point[][] {
  const widest = Math.max(5 * 60_000, (to - from) / 20);
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && point.at - before.at <= widest) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

type Place = (value: number) => number;

function renderRun(run: readonly Point[], panel: Panel, x: Place, y: Place, bottom: number): string {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return "";
  const colour = seriesColours[panel.colour];
  const line = `M${point(x(first.at), y(first.value))}${run
    .slice(1)
    .map(({ at, value }, index) =>
      panel.unit === "count"
        ? `L${point(x(at), y(run[index]?.value ?? value))}L${point(x(at), y(value))}`
        : `L${point(x(at), y(value))}`,
    )
    .join("")}`;
  return (
    element("path", {
      d: `${line}L${point(x(last.at), bottom)}L${point(x(first.at), bottom)}Z`,
      fill: colour,
      "fill-opacity": 0.16,
    }) +
    element("path", {
      d: line,
      fill: "none",
      stroke: colour,
      "stroke-width": 2,
      "stroke-linejoin": "round",
      "stroke-linecap": "round",
    })
  );
}

function point(x: number, y: number): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function renderLast(panel: Panel, x: Place, y: Place): string[] {
  const last = panel.points.at(-1);
  return last === undefined
    ? []
    : [
        element("circle", {
          cx: x(last.at),
          cy: y(last.value),
          r: 3,
          fill: seriesColours[panel.colour],
          stroke: ground,
          "stroke-width": 1,
        }),
      ];
}
