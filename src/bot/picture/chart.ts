import type { IncidentStatus } from "#domain/incident.ts";
import type { Point } from "#domain/sample.ts";
import type { Instant } from "#domain/workload.ts";

/** What a picture shows, as plain data: panels over one axis of time, and marks for what was done. */
export interface Chart {
  readonly title: string;
  /** The same where there is less room. */
  readonly shortTitle: string;
  readonly from: Instant;
  readonly to: Instant;
  /** When the trouble began. */
  readonly onset: Instant;
  readonly status: IncidentStatus;
  readonly panels: readonly Panel[];
  /** By time; at most `mostMarks`. */
  readonly marks: readonly Mark[];
  /** Marks that found no room. */
  readonly marksLeft: number;
  /** From when on it was in which state, by time. */
  readonly states: readonly { readonly at: Instant; readonly status: IncidentStatus }[];
}

/** One series with what is usual for it. */
export interface Panel {
  readonly name: string;
  /** How values are written, and whether they hold until the next one. */
  readonly unit: "count" | "seconds" | "cores";
  readonly colour: "replicas" | "nodes" | "work";
  readonly points: readonly Point[];
  readonly usual?: { readonly value: number; readonly low: number; readonly high: number };
  readonly ceiling?: number;
}

/** Something that was done or said at a moment. */
export interface Mark {
  readonly at: Instant;
  readonly kind: "change" | "autoscaler" | "alert" | "act";
  /** Plain and short. */
  readonly label: string;
}

/** More than that cannot be told apart on a phone. */
export const mostMarks = 8;

/** The highest of a panel's own, its usual included. */
export function mostOf({ points, usual }: Panel): number {
  return Math.max(usual?.high ?? 0, ...points.map(({ value }) => value));
}

/** The ceiling belongs into a plot where the series comes near it; a far one would press the series flat. */
export function nearCeiling(panel: Panel): number | undefined {
  const { ceiling } = panel;
  return ceiling !== undefined && ceiling <= mostOf(panel) * 1.7 ? ceiling : undefined;
}
