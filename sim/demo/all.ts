import { unplayed, type Report } from "./report.ts";
import { playStory } from "./play.ts";
import { startObserver } from "./observer.ts";
import { startRedis, type DemoRedis } from "./redis.ts";
import { startSet } from "./set.ts";
import { silent } from "./telling.ts";
import type { StoryName } from "#sim/scenarios/story.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";

/** Those stories on seeds 1 to `seeds`, one after another, a line each. Resolves with the reports. */
export async function playAll(
  options: Omit<PlayedOnce, "scenario" | "seed"> & {
    readonly scenarios: readonly StoryName[];
    readonly seeds: number;
    readonly print: (line: string) => void;
  },
  signal: AbortSignal,
): Promise<Report[]> {
  await using redis = await startRedis();
  const reports: Report[] = [];
  options.print(columns.map(({ name, width }) => pad(name, width)).join("  "));
  for (const scenario of options.scenarios) {
    for (let seed = 1; seed <= options.seeds; seed += 1) {
      const report = await playOnce({ ...options, scenario, seed }, redis, signal);
      if (signal.aborted) return reports;
      options.print(lineOf(report));
      reports.push(report);
      await redis.clear();
    }
  }
  return reports;
}

/** Which story, and how it is played. */
export interface PlayedOnce {
  readonly scenario: StoryName;
  readonly seed: number;
  readonly speed: number;
  readonly kills: number;
  /** Only up to the guess. */
  readonly guess?: boolean;
}

/** Plays one story without a word, until some minutes after it settled (or was told). A failure names the log that is kept. */
export async function playOnce(options: PlayedOnce, redis: DemoRedis, signal?: AbortSignal): Promise<Report> {
  const { scenario, seed, speed, kills, guess } = options;
  const story = tellStory(scenario, seed);
  const started = await startSet(story, redis, speed).catch((error: unknown) => String(error));
  if (typeof started === "string") return unplayed(story, started);
  await using set = started;
  await using observer = startObserver(set);
  const report = await playStory(set, { kills, until: guess ? "guess" : "settled", teller: silent, observer }, signal);
  if (!report.failure || signal?.aborted) return report;
  return { ...report, failure: `${report.failure} (log: ${set.keepLog()})` };
}

type Cell = string | number | null;

const columns: readonly { readonly name: string; readonly width: number; readonly of: (report: Report) => Cell }[] = [
  { name: "story", width: -14, of: ({ scenario }) => scenario },
  { name: "seed", width: 4, of: ({ seed }) => seed },
  { name: "usual", width: 5, of: ({ replicasUsual }) => replicasUsual },
  { name: "told at", width: 7, of: ({ replicasAtDetection }) => replicasAtDetection },
  { name: "nodes", width: 5, of: ({ nodesAtDetection }) => nodesAtDetection },
  { name: "after", width: 5, of: ({ detectedAfterMinutes }) => detectedAfterMinutes },
  { name: "rank", width: 4, of: ({ culpritRank }) => culpritRank },
  {
    name: "chance",
    width: 6,
    of: ({ culpritProbability: chance }) => (chance === null ? null : `${Math.round(chance * 100)} %`),
  },
  { name: "mitigated", width: 9, of: ({ mitigatedAfterMinutes }) => mitigatedAfterMinutes },
  { name: "recovered", width: 9, of: ({ recoveredAfterMinutes }) => recoveredAfterMinutes },
  { name: "settled", width: 7, of: ({ settledAfterMinutes }) => settledAfterMinutes },
  { name: "headlines", width: 9, of: ({ headlines }) => headlines },
  { name: "messages", width: 8, of: ({ slackMessages }) => slackMessages },
];

/** A report as a line of the table; minutes are the story's. */
function lineOf(report: Report): string {
  const cells = columns.map(({ width, of }) => pad(of(report), width));
  return [...cells, ...(report.failure ? [`FAILED: ${report.failure}`] : [])].join("  ");
}

function pad(value: Cell, width: number): string {
  const text = String(value ?? "-");
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}
