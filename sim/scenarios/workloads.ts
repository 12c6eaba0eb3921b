import { otherServices, type Place } from "./names.ts";
import { pastRollouts } from "./past.ts";
import { trafficFor, type ServiceSpec } from "./manifests.ts";
import type { Commit } from "#sim/github/types.ts";
import type { Random } from "./random.ts";
import type { PastRollout } from "./story.ts";

/** What the workloads of a scene are made from. */
export interface Ground {
  readonly random: Random;
  readonly place: Place;
  readonly history: readonly Commit[];
  readonly startsAt: number;
  readonly image: (service: string, sha: string) => string;
  /** Does the service have a database with a schema version? */
  readonly database: boolean;
  readonly past?: ServicePast;
}

/** What of the service's past a story needs. */
export interface ServicePast {
  /** Its rollouts, in hours before the story. */
  readonly hoursAgo: readonly number[];
  /** More annotations of the template that was rolled out at that time. */
  readonly template?: (at: number) => Readonly<Record<string, string>>;
  /** Times the usual number of pods that it has grown to by now. */
  readonly grown?: number;
}

/** The service, the others, and what each of them ran before; of each, the last rollout is what runs. */
export interface Workloads {
  readonly service: ServiceSpec;
  readonly others: readonly ServiceSpec[];
  readonly past: readonly PastRollout[];
}

/** Ten four-core nodes hold two hundred pods of this size; so many are taken. */
const podsTaken = 190;

/** The service near 30 pods, and others that take nearly all of the rest. */
export function createWorkloads(ground: Ground): Workloads {
  const { random, place } = ground;
  const schema: Record<string, string> = ground.database ? { "load/schema-needs": "1" } : {};
  const ago = [random.between(60, 70), random.between(40, 50), random.between(22, 30), random.between(3, 7)];
  const { hoursAgo = ago, template = () => ({}), grown = 1 } = ground.past ?? {};
  const pastOfService = rolloutsOf(ground, place.service, hoursAgo, (at) => ({ ...schema, ...template(at) }));
  const sound = random.int(28, 32);
  const replicas = Math.round(sound * grown);
  const service: ServiceSpec = {
    ...running(ground, pastOfService, replicas),
    requestsPerSecond: trafficFor(sound),
    template: { ...schema, ...pastOfService.at(-1)?.template },
    swing: 0.1,
    autoscaler: { min: 10, max: 4_000 },
    ...(ground.database ? { database: `${place.service}-db` } : {}),
  };
  const names = random.shuffle(otherServices(place.service)).slice(0, 7);
  const sizes = split(random, podsTaken - replicas, names.length);
  const others = names.map((name, index) => createOther(ground, name, sizes[index] ?? 10, index % 3 === 0));
  return { service, others: others.map(({ spec }) => spec), past: [...others.flatMap(({ past }) => past), ...pastOfService] };
}

function createOther(ground: Ground, name: string, size: number, scaled: boolean): { spec: ServiceSpec; past: PastRollout[] } {
  const { random } = ground;
  const past = rolloutsOf(ground, name, [random.between(20, 60), random.between(1, 18)]);
  const autoscaler = { autoscaler: { min: Math.ceil(size * 0.8), max: Math.ceil(size * 1.2) } };
  return {
    spec: { ...running(ground, past, size), swing: random.between(0.02, 0.08), surge: 1, ...(scaled ? autoscaler : {}) },
    past,
  };
}

function rolloutsOf(
  { random, place, history, startsAt, image }: Ground,
  name: string,
  hoursAgo: readonly number[],
  template?: (at: number) => Readonly<Record<string, string>>,
): PastRollout[] {
  const built = { namespace: place.namespace, workload: name, image: (sha: string) => image(name, sha) };
  return pastRollouts(random, history, built, hoursAgo, startsAt, template);
}

function running({ place }: Ground, past: readonly PastRollout[], replicas: number) {
  const { workload: name, image, revision } = past.at(-1) as PastRollout;
  return { namespace: place.namespace, name, replicas, requestsPerSecond: trafficFor(replicas), image, revision };
}

/** Parts of a sum, none smaller than a third of an equal share. */
function split(random: Random, total: number, count: number): number[] {
  const weights = Array.from({ length: count }, () => random.between(1, 3));
  const sum = weights.reduce((a, b) => a + b, 0);
  const parts = weights.map((weight) => Math.floor((total * weight) / sum));
  return parts.map((part, index) => (index === 0 ? part + total - parts.reduce((a, b) => a + b, 0) : part));
}
