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
        values: z.array(z.tuple([z.number(), z.string()])),
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
    points: values
      .map(([at, value]) => ({ at: Math.round(at * 1_000), value: Number(value) }))
      .filter((point) => Number.isFinite(point.value)),
  }));
}
