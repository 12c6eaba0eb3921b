import { z } from "zod";
import type { Point } from "#domain/sample.ts";

/** One series of a matrix, with the labels that name a workload. Points that are not finite are left out. */
export interface Series {
  readonly namespace?: string;
  readonly deployment?: string;
  readonly points: readonly Point[];
}

const matrixSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        // A week of a large cluster has millions of these: looked at one by one below, without an object each from the schema.
        values: z.array(z.unknown()),
      }),
    ),
  }),
});

/** Reads the answer of `query_range`; throws when it is of another shape. */
export function parseSeries(answer: unknown): Series[] {
  const parsed = matrixSchema.safeParse(answer);
  if (!parsed.success) throw new Error(`Cannot read Prometheus' answer: ${parsed.error.issues[0]?.message ?? "unknown shape"}`);
  return parsed.data.data.result.map(({ metric, values }) => ({
    namespace: metric["namespace"],
    deployment: metric["deployment"],
    points: values.flatMap(toPoint),
  }));
}

/** `[seconds, "value"]`; what is something else or not finite is left out. */
function toPoint(sample: unknown): Point[] {
  if (!Array.isArray(sample) || typeof sample[0] !== "number" || typeof sample[1] !== "string") return [];
  const value = Number(sample[1]);
  return Number.isFinite(value) ? [{ at: Math.round(sample[0] * 1_000), value }] : [];
}
