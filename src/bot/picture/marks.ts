import type { Chart, Mark } from "./chart.ts";
import { momentOf, xOf } from "./axis.ts";
import { faint, ground, ink, left, markColours, right, width } from "./look.ts";
import { element, fitWidth, text } from "./svg.ts";

/** Height of the lane in which the marks' numbers stand, and of a line of their key. */
export const laneHeight = 24;
const keyLine = 17;

const badge = 15;

/** The marks: numbers in a lane, and a line from each down through the plots. */
export function renderMarks(chart: Chart, top: number, bottom: number): string {
  const x = xOf(chart);
  const places = spread(chart.marks.map(({ at }) => x(at)));
  return chart.marks
    .map((mark, index) => {
      const at = x(mark.at);
      const colour = markColours[mark.kind];
      const place = places[index] ?? at;
      // What lies before the picture's beginning stands at its edge, without a line.
      const isOutside = mark.at < chart.from;
      const d = `M${place} ${top + badge}L${at} ${top + laneHeight}L${at} ${bottom}`;
      const line = element("path", {
        d,
        fill: "none",
        stroke: colour,
        "stroke-width": 1,
        "stroke-opacity": 0.75,
        "stroke-dasharray": "2 2",
      });
      return (isOutside ? "" : line) + renderBadge(mark, index + 1, place, top + badge / 2);
    })
    .join("");
}

/** The places, pushed apart so that no two numbers overlap, and none leaves the picture. */
function spread(wanted: readonly number[]): number[] {
  const places = [...wanted];
  for (let at = 0; at < places.length; at += 1) {
    const before = places[at - 1];
    places[at] = Math.max(places[at] ?? 0, before === undefined ? left : before + badge + 1);
  }
  for (let at = places.length - 1; at >= 0; at -= 1) {
    const after = places[at + 1];
    places[at] = Math.min(places[at] ?? 0, after === undefined ? right : after - badge - 1);
  }
  return places;
}

/** Shape and colour say what kind it is: a change is round, an act square, an alert a triangle, an autoscaler's edit a diamond. */
function renderBadge({ kind }: Mark, number: number, x: number, y: number): string {
  const colour = markColours[kind];
  const half = badge / 2;
  const shapes = {
    change: () => element("circle", { cx: x, cy: y, r: half, fill: colour }),
    act: () => element("rect", { x: x - half, y: y - half, width: badge, height: badge, rx: 2.5, fill: colour }),
    alert: () =>
      element("path", { d: `M${x} ${y - half - 2}L${x + half + 1.5} ${y + half}L${x - half - 1.5} ${y + half}Z`, fill: colour }),
    autoscaler: () =>
      element("path", {
        d: `M${x} ${y - half - 1.5}L${x + half + 1.5} ${y}L${x} ${y + half + 1.5}L${x - half - 1.5} ${y}Z`,
        fill: colour,
      }),
  };
  const drop = kind === "alert" ? 5 : 3.8;
  return (
    shapes[kind]() +
    text(String(number), { x, y: y + drop }, { fill: ground, "font-size": 10.5, "font-weight": 700, "text-anchor": "middle" })
  );
}

/** How high the key of the marks is. */
export function keyHeight({ marks, marksLeft }: Chart): number {
  return (rowsOf(marks) + (marksLeft > 0 ? 1 : 0)) * keyLine;
}

/** Few marks have the whole width each. */
function rowsOf({ length }: Chart["marks"]): number {
  return length <= 3 ? length : Math.ceil(length / 2);
}

/** What each number stands for, in one column or two. */
export function renderKey(chart: Chart, top: number): string {
  const { marks, marksLeft } = chart;
  const rows = rowsOf(marks);
  const column = rows === marks.length ? width - 24 : (width - 24) / 2;
  const lines = marks.map((mark, index) => {
    const x = 12 + (index < rows ? 0 : column);
    const y = top + (index % rows) * keyLine + keyLine / 2;
    const label = fitWidth(`${momentOf(mark.at, chart)} ${mark.label}`, 11, column - 24);
    return renderBadge(mark, index + 1, x + badge / 2, y) + text(label, { x: x + 21, y: y + 4 }, { fill: ink, "font-size": 11 });
  });
  const more = `and ${marksLeft} more: see the timeline in the thread`;
  const rest = marksLeft > 0 ? text(more, { x: 12, y: top + rows * keyLine + 12 }, { fill: faint, "font-size": 11 }) : "";
  return lines.join("") + rest;
}
