import type { IncidentStatus } from "#domain/incident.ts";
import type { Mark, Panel } from "./chart.ts";

/** Width of a picture in its own unit: a phone's. */
export const width = 360;
/** Where the plots begin and end. */
export const left = 46;
export const right = width - 12;

/** A dark ground of its own stands well in light and in dark Slack. */
export const ground = "#1b2230";
export const edge = "#46526a";
/** Words over lines stay readable. */
export const haloed = { stroke: ground, "stroke-width": 4, "paint-order": "stroke", "stroke-linejoin": "round" };
export const ink = "#f2f5fa";
export const faint = "#aab4c5";
export const grid = "#333e52";
export const bandColour = "#4f9d69";
export const usualInk = "#8fd6a6";
export const ceilingColour = "#ff7b72";

export const seriesColours: Readonly<Record<Panel["colour"], string>> = {
  replicas: "#6cb6ff",
  nodes: "#56d4c3",
  work: "#f6c562",
};

export const markColours: Readonly<Record<Mark["kind"], string>> = {
  change: "#d2a8ff",
  autoscaler: "#9fb3ff",
  alert: "#ff9a8b",
  act: "#7ee2a0",
};

export const statusColours: Readonly<Record<IncidentStatus, string>> = {
  open: "#f85149",
  mitigated: "#f0883e",
  recovered: "#e3c341",
  settled: "#3fb950",
};

export const statusWords: Readonly<Record<IncidentStatus, string>> = {
  open: "Open",
  mitigated: "Mitigated",
  recovered: "Recovered",
  settled: "Settled",
};
