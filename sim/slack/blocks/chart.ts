import { asText, isJson } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";
import type { Problems } from "./problems.ts";

/** Most series or segments, and most points of a series: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
const MAX_SERIES = 6;
const MAX_POINTS = 20;
const MAX_LABEL = 20;

/** A `data_visualization` block: a title and one chart. */
export function checkChartBlock(block: Json, pointer: string, problems: Problems): void {
  if (problems.requireField(block, "title", pointer)) problems.checkLength(block.title, `${pointer}/title`, { min: 1, max: 50 });
  const at = `${pointer}/chart`;
  if (!problems.requireField(block, "chart", pointer) || !problems.checkObject(block.chart, at)) return;
  const chart = block.chart;
  if (chart.type === "pie") return checkPie(chart, at, problems);
  if (!["bar", "area", "line"].includes(asText(chart.type)))
    return problems.add(`${at}/type`, `unsupported type: ${asText(chart.type)}`);
  checkSeriesChart(chart, at, problems);
}

function checkPie(chart: Json, pointer: string, problems: Problems): void {
  problems.checkKnown(chart, ["type", "segments"], pointer);
  const segments = problems.checkList(chart.segments, `${pointer}/segments`, { min: 1, max: MAX_SERIES });
  for (const [index, segment] of segments.entries()) {
    const at = `${pointer}/segments/${index}`;
    checkPoint(segment, at, problems);
    if (isJson(segment) && typeof segment.value === "number" && segment.value <= 0)
      problems.add(`${at}/value`, "must be greater than 0");
  }
}

function checkSeriesChart(chart: Json, pointer: string, problems: Problems): void {
  problems.checkKnown(chart, ["type", "series", "axis_config"], pointer);
  const categories = checkAxis(chart, pointer, problems);
  const seen = new Set<unknown>();
  const series = problems.checkList(chart.series, `${pointer}/series`, { min: 1, max: MAX_SERIES });
  for (const [index, each] of series.entries()) {
    const at = `${pointer}/series/${index}`;
    if (!problems.checkObject(each, at)) continue;
    problems.checkKnown(each, ["name", "data"], at);
    if (problems.requireField(each, "name", at)) problems.checkLength(each.name, `${at}/name`, { min: 1, max: MAX_LABEL });
    if (seen.has(each.name)) problems.add(`${at}/name`, "series names must be unique");
    seen.add(each.name);
    checkData(each.data, `${at}/data`, categories, problems);
  }
}

function checkAxis(chart: Json, pointer: string, problems: Problems): readonly unknown[] {
  const at = `${pointer}/axis_config`;
  if (!problems.requireField(chart, "axis_config", pointer) || !problems.checkObject(chart.axis_config, at)) return [];
  const axis = chart.axis_config;
  problems.checkKnown(axis, ["categories", "x_label", "y_label"], at);
  problems.checkLength(axis.x_label, `${at}/x_label`, { max: 50 });
  problems.checkLength(axis.y_label, `${at}/y_label`, { max: 50 });
  const categories = problems.checkList(axis.categories, `${at}/categories`, { min: 1, max: MAX_POINTS });
  for (const [index, category] of categories.entries())
    problems.checkLength(category, `${at}/categories/${index}`, { min: 1, max: MAX_LABEL });
  if (new Set(categories).size < categories.length) problems.add(`${at}/categories`, "categories must be unique");
  return categories;
}

function checkData(value: unknown, pointer: string, categories: readonly unknown[], problems: Problems): void {
  const data = problems.checkList(value, pointer, { max: Infinity });
  for (const [index, point] of data.entries()) checkPoint(point, `${pointer}/${index}`, problems);
  const labels = new Set(data.map((point) => (isJson(point) ? point.label : undefined)));
  if (data.length !== categories.length || categories.some((category) => !labels.has(category)))
    problems.add(pointer, "must have one data point for every category");
}

function checkPoint(point: unknown, pointer: string, problems: Problems): void {
  if (!problems.checkObject(point, pointer)) return;
  problems.checkKnown(point, ["label", "value"], pointer);
  if (problems.requireField(point, "label", pointer))
    problems.checkLength(point.label, `${pointer}/label`, { min: 1, max: MAX_LABEL });
  if (typeof point.value !== "number" || !Number.isFinite(point.value)) problems.add(`${pointer}/value`, "must be a number");
}
