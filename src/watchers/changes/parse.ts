import type { Instant } from "#domain/workload.ts";
import type { ReportedChange } from "#domain/change.ts";
import type { z } from "zod";
import { digestOf } from "#lib/digest.ts";
import { type Report, reportsSchema } from "./schema.ts";

/** A change, and the natural id under which it is taken once: without a time of its own it must not move when it is sent again. */
export interface Told {
  readonly change: ReportedChange;
  readonly id: string;
}

/** The changes, or sentences that say what is wrong with which field. */
export type Parsed =
  | { readonly kind: "changes"; readonly changes: readonly Told[] }
  | { readonly kind: "wrong"; readonly text: string };

const dayMs = 24 * 3_600_000;
/** The ledger forgets what is older. */
const oldestMs = 30 * dayMs;
/** Clocks differ. */
const aheadMs = 5 * 60_000;
const problemsTold = 5;

/** Reads one change, an array of them, or `{ "changes": [...] }`. `cluster` completes "namespace/name"; without a time it is now. */
export function parseReports(body: string, cluster: string, now: Instant): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: "wrong", text: "The body is no JSON." };
  }
  const { data, error } = reportsSchema.safeParse(listOf(json), { reportInput: true });
  if (error) return { kind: "wrong", text: error.issues.slice(0, problemsTold).map(sentenceOf).join("\n") };
  const untimely = data.flatMap(({ at }, index) => (at === undefined ? [] : (untimelyOf(at, now, index) ?? [])));
  if (untimely.length > 0) return { kind: "wrong", text: untimely.slice(0, problemsTold).join("\n") };
  return { kind: "changes", changes: data.map((report) => toTold(report, cluster, now)) };
}

function listOf(json: unknown): unknown {
  if (Array.isArray(json)) return json;
  const wrapped = typeof json === "object" && json !== null && Object.keys(json).length === 1 && "changes" in json;
  return wrapped ? json.changes : [json];
}

/** `changes[3].title: must not be empty.` */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const [index, ...rest] = issue.path;
  const where =
    index === undefined
      ? "changes"
      : `changes[${String(index)}]${rest.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")}`;
  if (issue.code === "unrecognized_keys")
    return `${where}: unknown field ${issue.keys
      .slice(0, 3)
      .map((key) => JSON.stringify(key.slice(0, 40)))
      .join(", ")}.`;
  if (issue.code === "invalid_type" && issue.input === undefined) return `${where} is missing.`;
  return `${where}: ${issue.message}.`;
}

function untimelyOf(at: Instant, now: Instant, index: number): string | undefined {
  if (at > now + aheadMs) return `changes[${index}].at: lies in the future; it is ${new Date(now).toISOString()} here.`;
  return at < now - oldestMs
    ? `changes[${index}].at: is older than 30 days; if it is a number, it must be in milliseconds.`
    : undefined;
}

function toTold(report: Report, cluster: string, now: Instant): Told {
  return { change: toChange(report, cluster, now), id: `reported/${report.id}/${digestOf(report).slice(0, 16)}` };
}

function toChange(
  { id, what, title, at, by, url, workloads, repository, paths }: Report,
  cluster: string,
  now: Instant,
): ReportedChange {
  return {
    kind: "reported",
    id: `reported/${id}`,
    at: Math.min(at ?? now, now),
    what,
    title,
    ...(by !== undefined && { by }),
    ...(url !== undefined && { url }),
    workloads: workloads.map((name) => (name.split("/").length === 3 ? name : `${cluster}/${name}`)),
    ...(repository !== undefined && { repository }),
    paths: paths.filter((path) => path !== ""),
  };
}
