import { execFile } from "node:child_process";
import { gzipSync } from "node:zlib";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tmpdir } from "node:os";
import type { Baseline } from "#domain/baseline.ts";
import { type Track, observe, startTrack, step } from "#analysis/detect.ts";
import { type Sample, readSamples } from "#cli/samples.ts";
import { createBadRows } from "#cli/bad-rows.ts";
import { head, row } from "./percentile.ts";

const workloads = 400;
const days = 31;
const hourMs = 3_600_000;
/** So many hours pass between two rows of a workload, as in the history of 78 real services: the most of the work is what happens in between. */
const meanIdleHours = 3.5;
const goal = 200_000;

/** Samples a second on one core: the command as a person runs it, its core, and the form in which the service keeps a baseline. */
export async function benchDetection(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "k8s-why-bench-"));
  try {
    const path = join(folder, "samples.csv.gz");
    await writeFile(path, gzipSync(history()));
    const samples: Sample[] = [];
    for await (const batch of readSamples(path, { bad: createBadRows(path, false), warn: console.error })) samples.push(...batch);
    const rows = [
      ["`k8s-why backtest`, reading and all, as it says itself", await backtested(path)],
      ["the same, with the start of the program", samples.length / (await secondsOf(() => run(path)))],
      ["detection alone, advanced in place", samples.length / (await secondsOf(() => detected(samples)))],
      ["a stored baseline taken and given back for every row, as the service does", samples.length / (await secondsOf(() => observed(samples)))],
    ] as const; // prettier-ignore
    return [
      `${samples.length.toLocaleString("en-US")} rows of ${workloads} workloads over ${days} days, ${meanIdleHours} hours from one to the next; best of three; goal ${goal.toLocaleString("en-US")} a second`,
      "",
      head("way", "samples a second"),
      ...rows.map(([way, rate]) => row(way, Math.round(rate).toLocaleString("en-US"))),
    ].join("\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Always the same: counts that swing by the day and wander by one or two. */
function history(): string {
  let state = 42;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const start = Date.UTC(2026, 0, 5);
  const lines = Array.from({ length: workloads }, (_, index) => index).flatMap((index) => {
    const usual = 1 + Math.floor(200 * random() ** 3);
    const own: string[] = [];
    for (let at = start; at < start + days * 24 * hourMs; at += 2 * meanIdleHours * hourMs * random() + 60_000) {
      const count = usual * (1 + 0.2 * Math.sin((2 * Math.PI * at) / (24 * hourMs))) + 2 * random();
      own.push(`workload-${index},${new Date(at).toISOString()},${Math.round(count)}`);
    }
    return own;
  });
  return `${["workload,at,desired", ...lines].join("\n")}\n`;
}

/** The shortest of three, in seconds. */
async function secondsOf(work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best / 1000;
}

async function run(path: string): Promise<string> {
  const argv = ["src/main.ts", "backtest", "--samples", path, "--out", `${path}.spikes`];
  return (await promisify(execFile)(process.execPath, argv)).stderr;
}

/** The highest rate of three runs. */
async function backtested(path: string): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const said = /([\d,]+) rows a second/.exec(await run(path))?.[1];
    if (said === undefined) throw new Error("Cannot measure: backtest said no rate");
    rates.push(Number(said.replaceAll(",", "")));
  }
  return Math.max(...rates);
}

function detected(samples: readonly Sample[]): void {
  const tracks = new Map<string, Track>();
  for (const sample of samples) {
    const track = tracks.get(sample.workload) ?? startTrack(sample);
    tracks.set(sample.workload, track);
    step(track, sample);
  }
}

function observed(samples: readonly Sample[]): void {
  const baselines = new Map<string, Baseline>();
  for (const sample of samples) baselines.set(sample.workload, observe(baselines.get(sample.workload), sample).baseline);
}
