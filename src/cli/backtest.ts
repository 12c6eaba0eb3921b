import type { Command } from "commander";
import type { Spike } from "#domain/spike.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { type BadRows, createBadRows } from "./bad-rows.ts";
import { createOutput } from "./output.ts";
import { createProgress } from "./progress.ts";
import { ceilingAt } from "#analysis/ceiling.ts";
import { count, duration } from "#analysis/words.ts";
import { type Track, startTrack, step } from "#analysis/detect.ts";
import { type Sample, readSamples } from "./samples.ts";

interface Options {
  readonly samples: string;
  readonly out?: string;
  readonly skipBad?: boolean;
}

/** `k8s-why backtest`: what detection would have said about a history of replica counts. */
export function addBacktest(program: Command, exit: (code: number) => void): void {
  program
    .command("backtest")
    .description("say which spikes would have been told in a history of replica counts")
    .requiredOption(
      "--samples <file>",
      "CSV, perhaps gzip, - for standard input: workload,at,desired[,max]; a row a change of value",
    )
    .option("--out <file>", "where the spikes go, one JSON object a line; standard output without it")
    .option("--skip-bad", "bad rows are no failure")
    .action(async (options: Options) => exit(await backtest(options)));
}

async function backtest({ samples, out, skipBad = false }: Options): Promise<number> {
  const bad = createBadRows(samples, skipBad);
  const progress = createProgress();
  const output = createOutput(out);
  const detect = createDetect(bad);
  const started = performance.now();
  let rows = 0;
  let spikes = 0;
  let share = "";
  const onRead = (bytes: number, size: number | undefined) =>
    void (share = size ? `${Math.round((100 * bytes) / size)} %, ` : "");
  for await (const batch of readSamples(samples, { bad, warn: console.error, onRead })) {
    for (const spike of detect(batch)) {
      spikes += 1;
      await output.write(JSON.stringify(spike));
    }
    rows += batch.length;
    progress.show(() => `${share}${count(rows, "row")}, ${count(spikes, "spike")}`);
  }
  await output.end();
  const seconds = (performance.now() - started) / 1000;
  progress.end(
    `${count(rows, "row")}, ${count(spikes, "spike")}, ${seconds.toFixed(1)} s, ${count(rows / seconds)} rows a second`,
  );
  return bad.finish();
}

/** Takes samples by rising time for each workload; a row that comes too late is bad. */
function createDetect(bad: BadRows): (samples: readonly Sample[]) => object[] {
  const tracks = new Map<WorkloadKey, Track>();
  return (samples) => {
    const spikes: object[] = [];
    for (const { line, workload, at, desired, max } of samples) {
      const track = tracks.get(workload) ?? startTrack({ workload: copyOf(workload), at, desired });
      if (at < track.lastAt) {
        bad.add(line, `its time is before the one of the row before it of "${workload.slice(0, 100)}"`);
        continue;
      }
      const spike = step(track, { workload, at, desired, ceiling: max });
      if (!tracks.has(track.workload)) tracks.set(track.workload, track);
      // A further doubling is news of the same spike: no line of its own.
      if (spike && !spike.again) spikes.push(toRow(spike, ceilingSentence(track, at, max)));
    }
    return spikes;
  };
}

/** A name of its own: what was cut out of a batch of lines holds all of the batch in memory. */
function copyOf(name: string): string {
  return Buffer.from(name).toString();
}

/** How near the ceiling is, where the history says one. */
function ceilingSentence({ recent, lastValue }: Track, at: Instant, max: number | undefined): string {
  if (max === undefined) return "";
  if (lastValue >= max) return ` It stands at its ceiling of ${count(max)}.`;
  const points = recent.map(([at, value]) => ({ at, value }));
  const reached = ceilingAt(points, max, at);
  return reached === undefined ? "" : ` At this rate its ceiling of ${count(max)} is reached in ${duration(reached - at)}.`;
}

function toRow({ workload, startedAt, detectedAt, value, baseline, ratio, reason }: Spike, more: string): object {
  const [started, detected] = [startedAt, detectedAt].map((at) => new Date(at).toISOString());
  return { workload, startedAt: started, detectedAt: detected, value, baseline, ratio, reason: `${reason}${more}` };
}
