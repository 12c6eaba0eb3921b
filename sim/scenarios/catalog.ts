import { ceilingHit } from "./ceiling-hit.ts";
import { noDeploy } from "./no-deploy.ts";
import { priorityCascade } from "./priority-cascade.ts";
import { runawayCommit } from "./runaway-commit.ts";
import { slowLeak } from "./slow-leak.ts";
import { trafficSurge } from "./traffic-surge.ts";
import { twoSuspects } from "./two-suspects.ts";
import type { Story, StoryName } from "./story.ts";

const stories: Readonly<Record<StoryName, (seed: number) => Story>> = {
  "runaway-commit": runawayCommit,
  "traffic-surge": trafficSurge,
  "two-suspects": twoSuspects,
  "slow-leak": slowLeak,
  "no-deploy": noDeploy,
  "priority-cascade": priorityCascade,
  "ceiling-hit": ceilingHit,
};

/** The story of that name as its seed tells it; the same seed tells the same story. */
export function tellStory(name: StoryName, seed: number): Story {
  return stories[name](seed);
}
