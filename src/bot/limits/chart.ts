import { anything, exact, string } from "./elements.ts";
import type { Also, Json, Rule } from "./rule.ts";

// https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
const mostSeries = 6;
const mostPoints = 20;
const label: Rule = { kind: "string", min: 1, max: 20 };

const isNumber: Also = (point) =>
  Number.isFinite(point["value"]) ? { fixed: point } : { fixed: undefined, problem: "needs a number as its value" };
const isShare: Also = (segment) =>
  Number(segment["value"]) > 0 ? isNumber(segment) : { fixed: undefined, problem: "needs a value above 0" };
const point = (also: Also): Rule => ({ kind: "object", fields: { label: { needed: label }, value: anything }, also });

const pie: Rule = {
  kind: "object",
  fields: { type: anything, segments: { needed: { kind: "list", of: point(isShare), min: 1, max: mostSeries } } },
};

const axis: Rule = {
  kind: "object",
  fields: {
    categories: { needed: { kind: "list", of: label, min: 1, max: mostPoints } },
    x_label: string(50),
    y_label: string(50),
  },
  also: (config) =>
    new Set(listOf(config["categories"])).size < listOf(config["categories"]).length
      ? { fixed: undefined, problem: "must name each category once" }
      : { fixed: config },
};

const series: Rule = {
  kind: "object",
  fields: { name: { needed: label }, data: { needed: { kind: "list", of: point(isNumber), max: mostPoints } } },
};

/** A series with another point than one for each category makes the chart none. */
const onePointEach: Also = (chart) => {
  const categories = listOf((chart["axis_config"] as Json)["categories"]);
  const isWhole = listOf(chart["series"]).every((one) => {
    const labels = listOf((one as Json)["data"]).map((each) => (each as Json)["label"]);
    return labels.length === categories.length && categories.every((category) => labels.includes(category));
  });
  return isWhole ? { fixed: chart } : { fixed: undefined, problem: "needs one point for each category in every series" };
};

const lines: Rule = {
  kind: "object",
  fields: {
    type: anything,
    series: { needed: { kind: "list", of: series, min: 1, max: mostSeries, unique: "name" } },
    axis_config: { needed: axis },
  },
  also: onePointEach,
};

/** Slack's own chart. */
export const chartBlock: Rule = {
  kind: "object",
  fields: {
    type: anything,
    block_id: exact(255),
    title: { needed: { kind: "string", min: 1, max: 50 } },
    chart: { needed: { kind: "typed", types: { pie, line: lines, bar: lines, area: lines } } },
  },
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
