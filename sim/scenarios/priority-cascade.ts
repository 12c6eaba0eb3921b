import { added, modified } from "./diff.ts";
import { draftInService, type Draft } from "./landing.ts";
import {
  autoscalerOf,
  deploymentOf,
  priorityClassOf,
  replicaSetOf,
  soundCost,
  templateOf,
  trafficFor,
  type ServiceSpec,
} from "./manifests.ts";
import { createScene, type Scene, type SceneOptions } from "./scene.ts";
import { inOrder, landDuring, rolloutOfService, rolloutsOfOthers, round } from "./script.ts";
import { alertAt, personOf, storyOf } from "./tell.ts";
import type { Commit } from "#sim/github/types.ts";
import type { Random } from "./random.ts";
import type { ConfigTruth, Manifest, PastRollout, Story } from "./story.ts";

const minutes = 120;
/** Minute at which the nightly job begins. */
const nightly = 15;

/** What was changed hours before. */
interface Deed {
  readonly job: string;
  readonly className: string;
  readonly value: number;
  /** Minute of the story; negative. */
  readonly applied: number;
}

/**
 * Hours ago somebody gave a nightly job a priority of its own. When the job grows at night, its pods take the place of the service's:
 * what is left is too little and gets in its own way, and the autoscaler climbs. The service's own last rollout, minutes
 * before, is innocent. After Grafana Labs' outage of July 2019.
 */
export function priorityCascade(seed: number): Story {
  let deed: Deed | undefined;
  const drawn = createScene(seed, {
    story: "priority-cascade",
    database: false,
    hours: [0, 1, 2, 3, 22, 23],
    past: (known) => {
      deed = deedOf(known.random);
      return { landings: [landingOf(deed, known)] };
    },
  });
  if (!deed) throw new Error("Cannot tell the story: its past was not asked for");
  return tell(drawn, deed);
}

function deedOf(random: Random): Deed {
  return {
    job: random.pick(["exports", "statements", "reindex", "thumbnails", "forecasts"]),
    className: random.pick(["batch-critical", "nightly-high", "jobs-first", "deadline-jobs"]),
    value: random.pick([100_000, 500_000, 1_000_000]),
    applied: -Math.round(random.between(2.5, 9) * 60),
  };
}

type Known = Parameters<NonNullable<SceneOptions["past"]>>[0];

function landingOf(deed: Deed, { random, at, people }: Known) {
  const landedAt = at(deed.applied) - Math.round(random.between(6, 20) * 60_000);
  return {
    name: "deed",
    at: landedAt,
    draft: draftOf(deed, random),
    author: people[5 % people.length] as (typeof people)[number],
  };
}

function draftOf({ job, className, value }: Deed, random: Random): Draft {
  const text = [
    "apiVersion: scheduling.k8s.io/v1",
    "kind: PriorityClass",
    "metadata:",
    `  name: ${className}`,
    `value: ${value}`,
    "globalDefault: false",
    `description: The nightly ${job} must be done before the morning.`,
    "",
  ].join("\n");
  const values = modified(`infra/kubernetes/${job}/values.yaml`, [
    { at: random.int(8, 40), lines: [" autoscaling:", "   minReplicas: 2", `+priorityClassName: ${className}`, " resources:"] },
  ]);
  return {
    title: `chore(infra): let the nightly ${job} finish in time`,
    body: `The ${job} were late twice this week, because their pods waited for nodes.`,
    files: [added(`infra/kubernetes/priority-classes/${className}.yaml`, text), values],
  };
}

function tell(drawn: Scene, deed: Deed): Story {
  const random = drawn.random.fork("plot");
  const scene = sceneOf(drawn);
  const historyLength = scene.branch.commits.length;
  const rollout = round(nightly - random.between(3, 6));
  const landsAt = round(rollout - random.between(2, 4));
  const innocent = {
    name: "innocent",
    at: landsAt,
    draft: draftInService(random, scene.place.service),
    author: personOf(scene, 6),
  };
  const landed = landDuring(scene, [innocent], minutes);
  const { objects, undo } = jobOf(scene, deed, random);
  const events = inOrder([
    ...landed.events,
    rolloutOfService(scene, rollout, landed.sha("innocent"), temper),
    ...rolloutsOfOthers(scene, landed, nightly - 8, minutes),
    alertAt(scene, nightly + 6, "High latency"),
  ]);
  const object = { kind: "PriorityClass", name: deed.className };
  const truth: ConfigTruth = { kind: "config", from: nightly, object, sha: scene.landed.get("deed") ?? "", undo };
  const title = "An older configuration change";
  const plot = { name: "priority-cascade", title, minutes, historyLength, events, truth, objects } as const;
  return storyOf(scene, { ...plot, author: personOf(scene, 5), maxNodes: 11, nodeSeconds: 90 });
}

/** Pods that have just started are slow for a while (caches are empty), and pods at their limit get in their own way. */
const temper = { "load/cold-cost": "1.2", "load/cold-for": "3m", "load/crowded-cost": "4" };

/** The others have had a class for long; the service was forgotten then. */
function sceneOf(drawn: Scene): Scene {
  const { service } = drawn;
  return {
    ...drawn,
    service: {
      ...service,
      template: { ...service.template, ...temper },
      autoscaler: { min: 10, max: service.replicas * 8 },
    },
    others: drawn.others.map((other) => ({ ...other, priorityClass: "standard" })),
    past: drawn.past.map((past) =>
      past.workload === service.name
        ? { ...past, template: { ...past.template, ...temper } }
        : { ...past, priorityClass: "standard" },
    ),
  };
}

function jobOf(scene: Scene, deed: Deed, random: Random): { readonly objects: Manifest[]; readonly undo: ConfigTruth["undo"] } {
  const { job: name, className } = deed;
  const [before, since] = rolloutsOfJob(scene, deed, random);
  const begin = new Date(scene.at(nightly)).toISOString().slice(11, 16);
  // As many pods as the service has, and some more: every night just what its autoscaler may have.
  const most = scene.service.replicas + random.int(6, 8);
  const spec: ServiceSpec & { readonly autoscaler: { readonly min: number; readonly max: number } } = {
    namespace: scene.place.namespace,
    name,
    replicas: 2,
    requestsPerSecond: trafficFor(2),
    image: since.image,
    revision: since.revision,
    swing: 0,
    priorityClass: className,
    autoscaler: { min: 2, max: most },
    load: { "load/nightly": `${begin}+60m x${most / 2}` },
  };
  const long = scene.startsAt - 80 * 86_400_000;
  const without = { template: { spec: { priorityClassName: null } } };
  return {
    objects: [
      priorityClassOf("standard", 1_000, "Services that customers see.", long),
      priorityClassOf(className, deed.value, `The nightly ${name} must be done before the morning.`, scene.at(deed.applied)),
      replicaSetOf(before),
      replicaSetOf(since),
      deploymentOf(spec),
      autoscalerOf(spec),
    ],
    undo: {
      // And the job has to take its time tonight.
      apply: [only(deploymentOf(spec), without), only(autoscalerOf(spec), { maxReplicas: 6 })],
      remove: [{ resource: "scheduling.k8s.io/v1/priorityclasses", name: className }],
    },
  };
}

/** A manifest that changes nothing but that. */
function only({ apiVersion, kind, metadata: { name, namespace } }: Manifest, spec: Readonly<Record<string, unknown>>): Manifest {
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) }, spec };
}

/** The same image twice: only the class is new. */
function rolloutsOfJob(scene: Scene, { job: workload, className, applied }: Deed, random: Random): [PastRollout, PastRollout] {
  const { namespace } = scene.place;
  const revision = random.int(8, 40);
  const at = scene.at(-random.between(30, 60) * 60);
  const { sha } = scene.branch.commits.findLast((commit) => commit.at < at) as Commit;
  const template = templateOf(soundCost);
  const before = { namespace, workload, at, revision, sha, image: scene.image(workload, sha), template };
  return [before, { ...before, at: scene.at(applied), revision: revision + 1, priorityClass: className }];
}
