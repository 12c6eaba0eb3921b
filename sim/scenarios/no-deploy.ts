import { resolverOf } from "./resolver.ts";
import { createScene, type Scene } from "./scene.ts";
import { inOrder, landDuring, rolloutsOfOthers, round } from "./script.ts";
import { alertAt, storyOf } from "./tell.ts";
import type { Manifest, Story, StoryEvent } from "./story.ts";
import type { ServiceSpec } from "./manifests.ts";

const minutes = 90;
const stepMinutes = 0.5;

/**
 * Nobody deployed anything that matters. By odd seeds, another service waits for its database and callers try again and again; by even
 * ones, the name server of the cluster waits for the one above it, and everybody for the name server.
 */
export function noDeploy(seed: number): Story {
  const drawn = createScene(seed, {
    story: "no-deploy",
    database: false,
    past: ({ random }) => ({
      service: {
        hoursAgo: [random.between(60, 70), random.between(40, 50), random.between(22, 30), random.between(1.2, 3)],
      },
    }),
  });
  return seed % 2 === 1 ? tellOfRetries(drawn) : tellOfNames(drawn);
}

function tellOfRetries(drawn: Scene): Story {
  const random = drawn.random.fork("plot");
  const [slow, ...rest] = random.shuffle(drawn.others);
  if (!slow) throw new Error("Cannot tell of retries: there are no other services");
  const waits = { "load/waits-for": `${slow.namespace}/${slow.name}` };
  const callers = new Set(rest.slice(0, 2).map(({ name }) => name));
  const scene: Scene = {
    ...drawn,
    service: { ...drawn.service, load: { ...waits, "load/retries": "4", "load/patience": "0.3" } },
    others: drawn.others.map((other) => (callers.has(other.name) ? { ...other, load: waits } : other)),
  };
  return tell(scene, slow, random.between(0.9, 1.5), []);
}

function tellOfNames(drawn: Scene): Story {
  const random = drawn.random.fork("plot");
  const { spec: resolver, objects } = resolverOf(drawn);
  const load = { "load/waits-for": `${resolver.namespace}/${resolver.name} x2` };
  const scene: Scene = {
    ...drawn,
    service: { ...drawn.service, load, autoscaler: { min: 10, max: 4_000, inFlight: "240m" } },
    others: drawn.others.map((other) => ({ ...other, load })),
  };
  return tell(scene, resolver, random.between(0.02, 0.035), objects);
}

/** `slow` waits up to `seconds` a request for something outside the cluster, and then no longer. */
function tell(scene: Scene, slow: Pick<ServiceSpec, "namespace" | "name">, seconds: number, objects: readonly Manifest[]): Story {
  const historyLength = scene.branch.commits.length;
  const random = scene.random.fork("slowness");
  const from = round(random.between(10, 13));
  const landed = landDuring(scene, [], minutes);
  const others = { ...scene, others: scene.others.filter(({ name }) => name !== slow.name) };
  const rise = random.between(4, 8);
  const events = inOrder([
    ...landed.events,
    ...rolloutsOfOthers(others, landed, from, minutes),
    ...stallOf(slow, { from, rise, hold: random.between(14, 20), fall: random.between(3, 6), seconds }),
    alertAt(scene, round(from + rise * 0.9), "High latency"),
  ]);
  const truth = { kind: "nobody", from } as const;
  return storyOf(scene, { name: "no-deploy", title: "Nobody deployed anything", minutes, historyLength, events, truth, objects });
}

interface Slowness {
  readonly from: number;
  readonly rise: number;
  readonly hold: number;
  readonly fall: number;
  readonly seconds: number;
}

/** Steps of half a minute up to so many seconds, and back to none. */
function stallOf(
  { namespace, name: workload }: Pick<ServiceSpec, "namespace" | "name">,
  { from, rise, hold, fall, seconds }: Slowness,
): StoryEvent[] {
  const end = from + rise + hold + fall;
  const events: StoryEvent[] = [];
  for (let at = from; at <= end + stepMinutes; at += stepMinutes) {
    const share = Math.max(0, Math.min(1, (at - from) / rise, (end - at) / fall));
    events.push({ kind: "stall", at: round(at), namespace, workload, seconds: Number((seconds * share).toFixed(4)) });
  }
  return events;
}
