import { startObserver } from "./observer.ts";
import { playStory } from "./play.ts";
import { startSet } from "./set.ts";
import { silent } from "./telling.ts";
import { startRedis } from "./redis.ts";
import { storyNames } from "#sim/scenarios/story.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Report } from "./report.ts";

const columns =
  "story            seed  usual  found at  nodes  detected  rank  chance  mitigated  recovered  settled  headlines  messages";

/** Every story on seeds 1 to `seeds`, one after another, a line each. Resolves with the reports. */
export async function playAll(
  options: { seeds: number; speed: number; kills: number; print: (line: string) => void },
  signal: AbortSignal,
): Promise<Report[]> {
  const { print, speed, kills } = options;
  await using redis = await startRedis();
  const reports: Report[] = [];
  print(columns);
  for (const name of storyNames) {
    for (let seed = 1; seed <= options.seeds && !signal.aborted; seed += 1) {
      const report = await playOne(name, seed);
      if (!signal.aborted) print(lineOf(report));
      reports.push(report);
      await redis.clear();
    }
  }
  return reports;

  async function playOne(name: (typeof storyNames)[number], seed: number): Promise<Report> {
    await using set = await startSet(tellStory(name, seed), redis, speed);
    await using observer = startObserver(set);
    const report = await playStory(set, { kills, short: true, teller: silent, observer }, signal);
    if (report.failure && !signal.aborted) return { ...report, failure: `${report.failure} (log: ${set.keepLog()})` };
    return report;
  }
}

/** A report as a line of the table. */
export function lineOf(report: Report): string {
  const cell = (value: number | string | null, width: number) => String(value ?? "-").padStart(width);
  const chance = report.culpritProbability === null ? null : `${Math.round(report.culpritProbability * 100)} %`;
  return [
    report.scenario.padEnd(15),
    cell(report.seed, 5),
    cell(report.replicasUsual, 5),
    cell(report.replicasAtDetection, 8),
    cell(report.nodesAtDetection, 5),
    cell(report.detectedAfterMinutes, 8),
    cell(report.culpritRank, 4),
    cell(chance, 6),
    cell(report.mitigatedAfterMinutes, 9),
    cell(report.recoveredAfterMinutes, 9),
    cell(report.settledAfterMinutes, 7),
    cell(report.headlines, 9),
    cell(report.slackMessages, 8),
    ...(report.failure ? [`FAILED: ${report.failure}`] : []),
  ].join("  ");
}
