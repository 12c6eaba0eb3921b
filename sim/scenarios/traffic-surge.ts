import { draftInService } from "./landing.ts";
import { createScene, type Scene } from "./scene.ts";
import { inOrder, landDuring, rolloutOfService, rolloutsOfOthers, round } from "./script.ts";
import { alertAt, personOf, storyOf } from "./tell.ts";
import type { Story, StoryEvent } from "./story.ts";

const minutes = 90;
const stepMinutes = 0.5;

/** More people really come, right after an innocent rollout; later they leave again. Nobody's change is to blame. */
export function trafficSurge(seed: number): Story {
  const scene = createScene(seed, { story: "traffic-surge", database: false });
  const historyLength = scene.branch.commits.length;
  const random = scene.random.fork("plot");
  const from = round(random.between(10, 12));
  const rollout = round(from - random.between(1.5, 3.5));
  const draft = draftInService(random, scene.place.service);
  const innocent = { name: "innocent", at: round(rollout - random.between(2, 4)), draft, author: personOf(scene, 6) };
  const landed = landDuring(scene, [innocent], minutes);
  const rise = random.between(10, 20);
  const surge = { from, rise, hold: random.between(10, 14), fall: random.between(8, 12), times: random.between(3.6, 4.4) };
  const events = inOrder([
    ...landed.events,
    rolloutOfService(scene, rollout, landed.sha("innocent"), {}),
    ...rolloutsOfOthers(scene, landed, from, minutes),
    ...trafficOf(scene, surge),
    alertAt(scene, round(from + rise * 0.8), "Many replicas"),
  ]);
  const title = "More people really come";
  return storyOf(scene, { name: "traffic-surge", title, minutes, historyLength, events, truth: { kind: "nobody", from } });
}

interface Surge {
  readonly from: number;
  readonly rise: number;
  readonly hold: number;
  readonly fall: number;
  readonly times: number;
}

/** Steps of half a minute up to `times` the usual, and back. */
function trafficOf(scene: Scene, { from, rise, hold, fall, times }: Surge): StoryEvent[] {
  const { namespace, name: workload, requestsPerSecond: usual } = scene.service;
  const end = from + rise + hold + fall;
  const events: StoryEvent[] = [];
  for (let at = from; at <= end + stepMinutes; at += stepMinutes) {
    const share = at < from + rise ? (at - from) / rise : at < from + rise + hold ? 1 : Math.max(0, (end - at) / fall);
    events.push({
      kind: "traffic",
      at: round(at),
      namespace,
      workload,
      requestsPerSecond: Math.round(usual * (1 + (times - 1) * share)),
    });
  }
  return events;
}
