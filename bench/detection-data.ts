import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createBadRows } from "#cli/bad-rows.ts";
import { readSamples } from "#cli/samples.ts";
import type { Point } from "#domain/sample.ts";

/** A runaway that was put into a real series. */
export interface Label {
  readonly workload: string;
  readonly startedAt: string;
  readonly climbMinutes: number;
  readonly factor: number;
  readonly before: number;
  /** The real series that it was put into. */
  readonly source: string;
}

/** Replica counts by workload, oldest first. */
export type Series = ReadonlyMap<string, readonly Point[]>;

/** Real calm series, and the same with runaways in them. */
export interface Benchmark {
  readonly calm: Series;
  readonly runaway: Series;
  readonly labels: readonly Label[];
}

/** Reads `calm-SPLIT.csv.gz`, `runaway-SPLIT.csv.gz` and `runaway-SPLIT.labels.ndjson`. */
export async function readBenchmark(directory: string, split: string): Promise<Benchmark> {
  const labels = await readFile(join(directory, `runaway-${split}.labels.ndjson`), "utf8");
  return {
    calm: await readSeries(join(directory, `calm-${split}.csv.gz`)),
    runaway: await readSeries(join(directory, `runaway-${split}.csv.gz`)),
    labels: labels
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Label),
  };
}

async function readSeries(path: string): Promise<Series> {
  const series = new Map<string, Point[]>();
  for await (const samples of readSamples(path, { bad: createBadRows(path, false), warn: console.error }))
    for (const { workload, at, desired } of samples) {
      const points = series.get(workload) ?? [];
      points.push({ at, value: desired });
      series.set(workload, points);
    }
  return series;
}
