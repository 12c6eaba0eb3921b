import type { Chart, Panel } from "./chart.ts";
import { statusWords } from "./look.ts";
import { clockOf, dayOf, momentOf, valueText } from "./axis.ts";
import { cut } from "#bot/fit.ts";

/** Slack takes so many characters of `alt_text`. */
const most = 2_000;

/** What a chart shows, in words: for who cannot see it. Plain text. */
export function altText(chart: Chart): string {
  const { title, from, to, panels, marks, marksLeft, states } = chart;
  const more = marksLeft > 0 ? ` And ${marksLeft} more, in the thread's timeline.` : "";
  const parts = [
    `Timeline of ${title}, ${dayOf(from)}, from ${clockOf(from)} to ${momentOf(to, chart)} UTC.`,
    ...panels.map((panel) => `${panel.name}: ${numbersOf(panel, chart)}.`),
    marks.length === 0
      ? ""
      : `Marks: ${marks.map(({ at, label }, index) => `${index + 1}. ${momentOf(at, chart)} ${label}`).join("; ")}.${more}`,
    `${states.map(({ at, status }) => `${statusWords[status]} from ${momentOf(at, chart)}`).join(", ")}.`,
  ];
  return cut(parts.filter((part) => part !== "").join(" "), most);
}

/** What a chart's first panel shows, in a sentence of plain text: for who gets Slack's own chart read out. */
export function courseWords(chart: Chart): string {
  const { panels, from, to } = chart;
  const [panel] = panels;
  return panel ? `${panel.name} from ${momentOf(from, chart)} to ${momentOf(to, chart)} UTC: ${numbersOf(panel, chart)}.` : "";
}

function numbersOf({ points, usual, ceiling, unit }: Panel, chart: Chart): string {
  const value = (one: number) => valueText(one, unit);
  const highest = points.toSorted((a, b) => b.value - a.value)[0];
  const last = points.at(-1);
  const told = [
    usual === undefined ? "" : `usual ${value(usual.value)} (band ${value(usual.low)} to ${value(usual.high)})`,
    highest === undefined ? "not measured" : `at most ${value(highest.value)} at ${momentOf(highest.at, chart)}`,
    last === undefined ? "" : `now ${value(last.value)}`,
    ceiling === undefined ? "" : `ceiling ${value(ceiling)}`,
  ];
  return told.filter((part) => part !== "").join(", ");
}
