import type { Chart } from "./chart.ts";
import { timeTicks, xOf } from "./axis.ts";
import { edge, faint, ground, ink, left, right, statusColours, statusWords, width } from "./look.ts";
import { keyHeight, laneHeight, renderKey, renderMarks } from "./marks.ts";
import { renderPanel, titleHeight } from "./panel.ts";
import { element, fitWidth, text, widthOf } from "./svg.ts";

const headHeight = 34;
const plotHeights = [104, 52, 52];
const panelGap = 10;
const axisHeight = 26;

/** A chart as SVG, 360 wide and as high as it needs. */
export function renderChart(chart: Chart): string {
  const plotsTop = headHeight + (chart.marks.length > 0 ? laneHeight : 0);
  const tops: number[] = [];
  let bottom = plotsTop;
  chart.panels.forEach((_panel, index) => {
    tops.push(bottom);
    bottom += titleHeight + (plotHeights[index] ?? 52) + panelGap;
  });
  bottom -= panelGap;
  const height = bottom + axisHeight + keyHeight(chart) + 12;
  return element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "Inter" },
    element("rect", { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8, fill: ground, stroke: edge }),
    renderHead(chart),
    renderMarks(chart, headHeight, bottom),
    ...chart.panels.map((panel, index) => renderPanel(chart, panel, tops[index] ?? 0, plotHeights[index] ?? 52)),
    renderTime(chart, bottom),
    renderKey(chart, bottom + axisHeight + 2),
  );
}

function renderHead({ title, shortTitle, status }: Chart): string {
  const word = statusWords[status];
  const at = right - widthOf(word, 13) - 2;
  const name = widthOf(title, 14.5) <= at - 36 ? title : fitWidth(shortTitle, 14.5, at - 36);
  return (
    text(name, { x: 12, y: 23 }, { fill: ink, "font-size": 14.5, "font-weight": 700 }) +
    element("circle", { cx: at - 10, cy: 18.5, r: 5, fill: statusColours[status] }) +
    text(word, { x: right, y: 23 }, { fill: ink, "font-size": 13, "font-weight": 600, "text-anchor": "end" })
  );
}

/** The axis of time: how it stood as a strip, round moments, and whose time it is. */
function renderTime(chart: Chart, top: number): string {
  const x = xOf(chart);
  const strip = chart.states.map(({ at, status }, index) => {
    const from = x(at);
    const to = x(chart.states[index + 1]?.at ?? chart.to);
    return element("rect", { x: from, y: top + 3, width: Math.max(0, to - from), height: 4, fill: statusColours[status] });
  });
  const ticks = timeTicks(chart).map(({ at, label }) =>
    text(
      label,
      { x: x(at), y: top + 20 },
      { fill: faint, "font-size": 10.5, "text-anchor": x(at) > right - 14 ? "end" : "middle" },
    ),
  );
  // A label at the left end would run into "UTC".
  const clear = ticks.filter((_tick, index) => x(timeTicks(chart)[index]?.at ?? 0) >= left + 8);
  return [...strip, ...clear, text("UTC", { x: 12, y: top + 20 }, { fill: faint, "font-size": 10.5, "font-weight": 600 })].join(
    "",
  );
}
