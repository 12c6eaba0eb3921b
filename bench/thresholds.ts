import { type Benchmark, type Label, type Series, readBenchmark } from "./detection-data.ts";
import { type DetectSettings, defaultDetectSettings, startTrack, step } from "#analysis/detect.ts";
import { head, row } from "./percentile.ts";
import { median } from "#analysis/series.ts";
import { valueAt } from "#analysis/series.ts";

const moved = ["ratio", "steepRatio", "steepRise", "smallRise", "smallCount", "matureHours", "youngRatio", "rampSum", "rampDrift", "rampRatio"] as const; // prettier-ignore

/** How the figures of detection move with its thresholds, and from one half of the services to the other. */
async function main(directory: string | undefined, split = "dev"): Promise<void> {
  if (!directory) throw new Error("Cannot score: name the folder that holds calm-dev.csv.gz and runaway-dev.csv.gz");
  const benchmark = await readBenchmark(directory, split);
  console.log(head("settings", "false alerts per 100 service-weeks", "x5, x30, x133 found", "median factor", "latest factor"));
  const show = (name: string, over: Partial<DetectSettings>, data = benchmark) =>
    console.log(rowOf(name, scoreOf(data, { ...defaultDetectSettings, ...over })));
  show("as it is", {});
  for (const name of moved)
    for (const factor of [0.85, 1.15]) {
      const value = Math.round(1000 * defaultDetectSettings[name] * factor) / 1000;
      show(`\`${name}\` ${value}`, { [name]: value });
    }
  for (const ratio of [1.7, 1.8, 1.9, 2, 2.1, 2.2, 2.3, 2.4, 2.6, 2.8, 3]) show(`\`ratio\` ${ratio}`, { ratio });
  const halves = [halfOf(benchmark, 0), halfOf(benchmark, 1)] as const;
  for (const [index, half] of halves.entries()) {
    show(`half ${index + 1} of the services`, {}, half);
    const best = bestOf(half);
    const other = halves[1 - index] ?? half;
    show(`\`ratio\` ${best.ratio}, \`steepRatio\` ${best.steepRatio}: best on half ${index + 1}, on the other`, best, other);
  }
}

interface Score {
  readonly alerts: number;
  readonly weeks: number;
  readonly found: number;
  readonly cases: number;
  /** Growth when found, in climbs of an hour or more: the median; and the highest where ten or more ran before. */
  readonly median: number;
  readonly latest: number;
}

function rowOf(name: string, { alerts, weeks, found, cases, median, latest }: Score): string {
  return row(name, ((100 * alerts) / weeks).toFixed(2), `${found} of ${cases}`, median.toFixed(2), latest.toFixed(2));
}

function scoreOf({ calm, runaway, labels }: Benchmark, settings: DetectSettings): Score {
  const all = [...calm.values()].flat();
  const [first, last] = all.reduce(([from, to], { at }) => [Math.min(from, at), Math.max(to, at)], [Infinity, -Infinity]);
  const counted = labels.filter(({ factor }) => factor >= 5);
  const hits = counted.flatMap((label) => hitOf(runaway, label, settings));
  const slow = hits.filter(({ label }) => label.climbMinutes >= 60);
  return {
    alerts: [...calm].reduce((sum, [workload]) => sum + told(calm, workload, settings).length, 0),
    weeks: (calm.size * (last - first)) / (7 * 86_400_000),
    found: hits.length,
    cases: counted.length,
    median: median(slow.map(({ growth }) => growth)) ?? Number.NaN,
    latest: Math.max(0, ...slow.filter(({ label }) => label.before >= 10).map(({ growth }) => growth)),
  };
}

/** As the benchmark's scorer has it: told between the beginning and an hour after the end of the climb. */
function hitOf(series: Series, label: Label, settings: DetectSettings): { label: Label; growth: number }[] {
  const start = Date.parse(label.startedAt);
  const end = start + (label.climbMinutes + 60) * 60_000;
  const at = told(series, label.workload, settings).find((moment) => moment >= start && moment <= end);
  return at === undefined ? [] : [{ label, growth: (valueAt(series.get(label.workload) ?? [], at) ?? 0) / label.before }];
}

function told(series: Series, workload: string, settings: DetectSettings): number[] {
  const points = series.get(workload) ?? [];
  const [first] = points;
  if (!first) return [];
  const track = startTrack({ workload, at: first.at, desired: first.value });
  return points.flatMap(({ at, value }) => {
    const spike = step(track, { workload, at, desired: value }, settings);
    return spike && !spike.again ? [at] : [];
  });
}

function halfOf({ calm, runaway, labels }: Benchmark, half: number): Benchmark {
  const services = [...calm.keys()].sort();
  const own = new Set(services.filter((_, index) => index % 2 === half));
  return {
    calm: new Map([...calm].filter(([workload]) => own.has(workload))),
    runaway,
    labels: labels.filter(({ source }) => own.has(source)),
  };
}

/** Of a grid: all found, at most two false alerts in 100 service-weeks, and then the earliest. */
function bestOf(benchmark: Benchmark): Pick<DetectSettings, "ratio" | "steepRatio"> {
  const grid = [1.8, 2, 2.2, 2.4, 2.6].flatMap((ratio) => [1.4, 1.65, 1.9].map((steepRatio) => ({ ratio, steepRatio })));
  const scored = grid.map((chosen) => ({ chosen, score: scoreOf(benchmark, { ...defaultDetectSettings, ...chosen }) }));
  const fit = scored.filter(({ score }) => score.found >= 0.98 * score.cases && (100 * score.alerts) / score.weeks <= 2);
  const [best] = (fit.length > 0 ? fit : scored).toSorted((a, b) => a.score.median - b.score.median);
  return best?.chosen ?? defaultDetectSettings;
}

await main(process.argv[2], process.argv[3]);
