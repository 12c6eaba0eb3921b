import { z } from "zod";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import { type Row, findObject, idSchema, instantSchema, noObject, parseRow, workloadSchema } from "./row.ts";

/** A named series before and after the onset. */
export interface SignalRow {
  readonly before: readonly Point[];
  readonly after: readonly Point[];
}

/** An incident as a line tells it: what is known when it opens. */
export interface IncidentRow {
  readonly id: string;
  readonly startedAt: Instant;
  readonly workload?: WorkloadKey;
  readonly services?: readonly string[];
  readonly signals?: Readonly<Record<string, SignalRow>>;
  /** Id of a change that is left out. */
  readonly leaveOut?: string;
  readonly service?: string;
  readonly symptom?: string;
}

/** Which fields of an incident hold the service's directory and what was seen. */
export interface IncidentFields {
  readonly service?: string;
  readonly symptom?: string;
}

/** Answers and remarks of labelled incidents: never read, and no reason for a remark of ours. */
const labels = [
  "repository",
  "serviceDirectory",
  "serviceDirectory70",
  "symptom",
  "planned",
  "lagMinutes",
  "candidates",
  "culprit",
];
const minuteMs = 60_000;
const maxPoints = 2_000;
const maxSeries = 100;
const maxSymptom = 10_000;

const pointSchema = z.union(
  [
    z.number(),
    z.tuple([instantSchema, z.number()]).transform(([at, value]) => ({ at, value })),
    z.object({ at: instantSchema, value: z.number() }),
  ],
  'expected points such as 12.5, ["2026-03-02T12:00:00Z", 12.5] or {"at", "value"}',
);
const pointsSchema = z.array(pointSchema).max(maxPoints).default([]);
const absentText = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || undefined);

const incidentSchema = z.object({
  id: idSchema,
  startedAt: instantSchema,
  workload: workloadSchema.nullish(),
  services: z.array(z.string().max(1_000)).max(1_000).nullish(),
  signals: z
    .record(z.string().max(200), z.object({ before: pointsSchema, after: pointsSchema }))
    .refine((series) => Object.keys(series).length <= maxSeries, `expected at most ${maxSeries} series`)
    .nullish(),
  revert: absentText,
});

/** Creates a reader of lines. Of the fields that could hold an answer only those that are named are looked at. */
export function createIncidentReader(fields: IncidentFields): (text: string) => Row<IncidentRow> {
  const hints = [fields.service, fields.symptom];
  const known = new Set([...Object.keys(incidentSchema.shape), ...labels, ...hints.filter((field) => field !== undefined)]);
  return (text) => {
    const object = findObject(text);
    if (!object) return noObject;
    const row = parseRow(object, incidentSchema, known);
    if (row.kind === "bad") return row;
    const [service, symptom] = hints.map((field) => absentText.safeParse(field === undefined ? undefined : object[field]));
    if (!service?.success) return { kind: "bad", reason: `"${fields.service}": expected text or null` };
    if (!symptom?.success) return { kind: "bad", reason: `"${fields.symptom}": expected text or null` };
    return { ...row, value: toIncident(row.value, service.data, symptom.data) };
  };
}

function toIncident(row: z.infer<typeof incidentSchema>, service: string | undefined, symptom: string | undefined): IncidentRow {
  const { id, startedAt, workload, services, signals, revert } = row;
  return {
    id,
    startedAt,
    ...(workload && { workload }),
    ...(services && { services }),
    ...(signals && { signals: toSignals(signals, startedAt) }),
    ...(revert && { leaveOut: revert }),
    ...(service && { service }),
    ...(symptom && { symptom: symptom.slice(0, maxSymptom) }),
  };
}

type RawPoint = z.infer<typeof pointSchema>;

function toSignals(
  signals: Readonly<Record<string, { readonly before: readonly RawPoint[]; readonly after: readonly RawPoint[] }>>,
  startedAt: Instant,
): Record<string, SignalRow> {
  return Object.fromEntries(
    Object.entries(signals).map(([name, { before, after }]) => [
      name,
      { before: toPoints(before, startedAt - before.length * minuteMs), after: toPoints(after, startedAt) },
    ]),
  );
}

/** Bare numbers are a minute apart from `from` on. */
function toPoints(points: readonly RawPoint[], from: Instant): Point[] {
  const dated = points.map((point, index) => (typeof point === "number" ? { at: from + index * minuteMs, value: point } : point));
  return dated.toSorted((a, b) => a.at - b.at);
}
