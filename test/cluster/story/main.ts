import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { curveOf, type Curve } from "./curve.ts";
import { parseOptions, type StoryOptions } from "./options.ts";
import { drawPicture } from "./picture.ts";
import { playOnce } from "./play.ts";
import type { RealReport } from "./report.ts";

const pictureMinutes = 8;

process.exitCode = await run(process.argv.slice(2));

async function run(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (typeof options === "number") return options;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  try {
    if (options.drawnFrom) return await drawOnly(options, options.drawnFrom);
    const reports = await playAll(options, stop.signal);
    const failed = reports.filter(({ failure }) => failure);
    console.log(
      failed.length === 0 ? `\nAll ${reports.length} went as they should.` : `\n${failed.length} of ${reports.length} failed.`,
    );
    return stop.signal.aborted ? 130 : failed.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function drawOnly(options: StoryOptions, from: string): Promise<number> {
  if (!options.picture) throw new Error("Cannot draw: name the picture's file with --picture");
  const curve = JSON.parse(await readFile(from, "utf8")) as Curve;
  await drawPicture(curve, { ...options, picture: options.picture, minutes: pictureMinutes });
  return 0;
}

async function playAll(options: StoryOptions, signal: AbortSignal): Promise<RealReport[]> {
  const reports: RealReport[] = [];
  for (let seed = options.seed; seed < options.seed + options.runs && !signal.aborted; seed += 1) {
    console.log(`\nRun ${reports.length + 1} of ${options.runs}, seed ${seed}`);
    const { report, story, samples, logFile, transcript } = await playOnce(options, seed, (line) => console.log(line), signal);
    reports.push(report);
    console.log(JSON.stringify(report, undefined, 2));
    if (report.failure) console.log(`Failed: ${report.failure}\nThe program's log is kept: ${logFile}`);
    await save(options.report, reports);
    if (options.transcript) await writeFile(options.transcript, transcript);
    const curve = curveOf(samples, story.startsAt + story.truth.from * 60_000);
    await save(options.curve, curve);
    if (options.picture) await drawPicture(curve, { ...options, picture: options.picture, minutes: pictureMinutes });
  }
  return reports;
}

async function save(file: string | undefined, what: unknown): Promise<void> {
  if (!file) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(what, undefined, 2)}\n`);
}
