import { z } from "zod";
import type { Instant } from "#domain/workload.ts";

/** What a line of a file turned out to be. */
export type Row<T> =
  | { readonly kind: "row"; readonly value: T; readonly unknownFields: readonly string[] }
  /** The reason ends without a full stop. */
  | { readonly kind: "bad"; readonly reason: string };

/** A moment with its time zone, as milliseconds since the epoch. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: "expected a moment with its time zone, such as 2026-03-02T12:00:00Z" })
  .transform((text): Instant => Date.parse(text));

const maxWorkloads = 100;

/** `cluster/namespace/name`; of `namespace/name` the cluster is called `default`. */
export const workloadSchema = z
  .string()
  .max(600)
  .regex(/^[^/\s]+\/[^/\s]+(?:\/[^/\s]+)?$/, "expected namespace/name or cluster/namespace/name")
  .transform((key) => (key.split("/").length === 2 ? `default/${key}` : key));

/** At most a hundred workloads. */
export const workloadsSchema = z.array(workloadSchema).max(maxWorkloads);

/** A natural id. */
export const idSchema = z.string().min(1).max(500);

/** The JSON object of a line, or undefined. */
export function findObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The remark on a line that holds no object. */
export const noObject = { kind: "bad", reason: "it is no JSON object" } as const;

/** Reads an object by a schema; `known` are the fields that need no remark. */
export function parseRow<T>(row: Readonly<Record<string, unknown>>, schema: z.ZodType<T>, known: ReadonlySet<string>): Row<T> {
  const parsed = schema.safeParse(row);
  if (!parsed.success) return { kind: "bad", reason: reasonOf(parsed.error) };
  return { kind: "row", value: parsed.data, unknownFields: Object.keys(row).filter((field) => !known.has(field)) };
}

function reasonOf({ issues }: z.ZodError): string {
  const [first] = issues;
  if (!first) return "it has another shape";
  const field = first.path.map(String).join(".");
  if (first.code === "invalid_type" && first.input === undefined) return `"${field}" is missing`;
  return `"${field}": ${first.message.replace(/^Invalid input: /, "").replace(/\.$/, "")}`;
}
