import { z } from "zod";
import type { Alert } from "#domain/spike.ts";
import type { Baseline } from "#domain/baseline.ts";
import type { Change } from "#domain/change.ts";
import { illnessTroubles } from "#domain/illness.ts";
import type { IllnessEntry } from "#domain/ports/store.ts";
import type { Expectation } from "#domain/expectation.ts";
import type { Incident } from "#domain/incident.ts";
import type { Rights } from "#domain/rights.ts";
import { stepKinds } from "#domain/plan.ts";
import type { Intent } from "#domain/intent.ts";
import type { PoolNormal } from "#domain/pool-normal.ts";
import type { PoolState, WorkloadState } from "#domain/workload.ts";
import type { AuditRecord } from "#domain/audit.ts";
import type { MadeReport } from "#domain/ports/report.ts";
import type { Stop } from "#domain/policy.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Log } from "#lib/log.ts";

// Redis holds what we wrote, perhaps with an older version of us: the door checks what everything stands on, and lets the rest through.
const workload = z.looseObject({ cluster: z.string(), namespace: z.string(), name: z.string() });
const dated = { id: z.string().min(1), at: z.number() };

const change = z.discriminatedUnion("kind", [
  z.looseObject({
    ...dated,
    kind: z.literal("landing"),
    repository: z.string(),
    sha: z.string(),
    message: z.string(),
    files: z.array(z.looseObject({ path: z.string() })),
    author: z.looseObject({ name: z.string() }),
  }),
  z.looseObject({
    ...dated,
    kind: z.literal("rollout"),
    workload: z.string(),
    revision: z.number(),
    images: z.array(z.unknown()),
  }),
  z.looseObject({ ...dated, kind: z.literal("scaling"), workload: z.string(), from: z.number(), to: z.number() }),
  z.looseObject({
    ...dated,
    kind: z.literal("autoscaler-edit"),
    workload: z.string(),
    from: z.looseObject({ max: z.number() }),
    to: z.looseObject({ max: z.number() }),
  }),
  z.looseObject({ ...dated, kind: z.literal("pool-change"), cluster: z.string(), from: z.number(), to: z.number() }),
  z.looseObject({
    ...dated,
    kind: z.literal("config-edit"),
    cluster: z.string(),
    object: z.string(),
    name: z.string(),
    what: z.string(),
    keys: z.array(z.string()),
    usedBy: z.array(z.string()),
  }),
  z.looseObject({
    ...dated,
    kind: z.literal("reported"),
    what: z.string(),
    title: z.string(),
    workloads: z.array(z.string()),
    paths: z.array(z.string()),
  }),
]);

const incident = z.looseObject({
  id: z.string().min(1),
  key: z.string(),
  version: z.number().int(),
  status: z.enum(["open", "mitigated", "recovered", "settled"]),
  workload,
  openedAt: z.number(),
  spike: z.looseObject({ startedAt: z.number() }),
  usual: z.looseObject({ replicas: z.number() }),
  now: z.looseObject({ at: z.number(), desired: z.number() }),
  peak: z.looseObject({ replicas: z.number() }),
  plan: z.array(z.looseObject({ id: z.string(), kind: z.string(), state: z.string() })),
  alerts: z.array(z.looseObject({ id: z.string() })),
  timeline: z.array(z.looseObject({ id: z.string(), at: z.number() })),
});

/** Reads a record back, or undefined where it is missing or not what it should be (logged). */
export type Reader<T> = (json: unknown, log: Log) => T | undefined;

/** A reader of what is written as `T` and checked by a schema; `what` is how it is called in the log. */
export function readerOf<T>(what: string, schema: z.ZodType): Reader<T> {
  return (json, log) => {
    if (typeof json !== "string") return undefined;
    const result = schema.safeParse(parse(json));
    if (result.success) return result.data as T;
    const [issue] = result.error.issues;
    log.warn(
      { what, at: issue?.path.join("."), problem: issue?.message, start: json.slice(0, 80) },
      "Stored record is not readable and is skipped",
    );
    return undefined;
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export const readChange: Reader<Change> = readerOf("change", change);
export const readAlert: Reader<Alert> = readerOf(
  "alert",
  z.looseObject({ ...dated, source: z.string(), status: z.string(), message: z.string() }),
);
export const readLastSeen: Reader<{ sha: string; at: number }> = readerOf(
  "last seen commit",
  z.object({ sha: z.string().min(1), at: z.number() }),
);
export const readBaseline: Reader<Baseline> = readerOf("baseline", z.looseObject({ workload: z.string() }));
export const readWorkload: Reader<WorkloadState> = readerOf(
  "workload",
  z.looseObject({
    workload,
    at: z.number(),
    desired: z.number(),
    ready: z.number(),
    images: z.array(z.unknown()),
    annotations: z.record(z.string(), z.string()),
  }),
);
export const readPool: Reader<PoolState> = readerOf(
  "pool",
  z.looseObject({ cluster: z.string(), at: z.number(), nodes: z.array(z.looseObject({ name: z.string() })) }),
);
export const readIllnesses: Reader<IllnessEntry> = readerOf(
  "illnesses",
  z.object({
    key: z.string(),
    illnesses: z.array(
      z.looseObject({ kind: z.enum(Object.keys(illnessTroubles)), since: z.number(), toldAt: z.number(), text: z.string() }),
    ),
  }),
);
export const readPoolNormal: Reader<PoolNormal> = readerOf(
  "usual nodes",
  z.looseObject({
    lastAt: z.number(),
    hour: z.looseObject({ index: z.number() }),
    nodes: z.array(z.number()),
    pending: z.array(z.number()),
  }),
);
export const readIncident: Reader<Incident> = readerOf("incident", incident);
export const readExpectation: Reader<Expectation> = readerOf(
  "expectation",
  z.looseObject({ workload: z.string(), times: z.number(), at: z.number(), until: z.number(), by: z.string() }),
);
export const readAuditRecord: Reader<AuditRecord> = readerOf(
  "audit record",
  z.looseObject({
    seq: z.number().int().positive(),
    previous: z.string(),
    hash: z.string(),
    at: z.number(),
    what: z.string(),
    by: z.string(),
    incidentId: z.string(),
    stepId: z.string(),
    text: z.string(),
  }),
);
export const readStop: Reader<Stop> = readerOf("stop", z.looseObject({ by: z.string(), at: z.number() }));
export const readVerdict: Reader<Verdict> = readerOf(
  "verdict",
  z.looseObject({
    incidentId: z.string(),
    suspectId: z.string(),
    right: z.boolean(),
    by: z.string(),
    at: z.number(),
    probability: z.number(),
    evidence: z.array(z.looseObject({ kind: z.string(), for: z.boolean() })),
  }),
);
export const readReport: Reader<MadeReport> = readerOf(
  "report",
  z.looseObject({ number: z.number().int(), at: z.number(), digest: z.string() }),
);
export const readRights: Reader<Rights> = readerOf(
  "rights",
  z.looseObject({ at: z.number(), missing: z.record(z.string(), z.string()) }),
);
export const readIntent: Reader<Intent> = readerOf("intent", z.looseObject({ kind: z.enum(stepKinds) }));

/** All readable ones of a list of stored records. */
export function readAll<T>(read: Reader<T>, stored: unknown, log: Log): T[] {
  return (stored as unknown[]).map((json) => read(json, log)).filter((record) => record !== undefined);
}
