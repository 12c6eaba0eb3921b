/*
 * A Kubernetes cluster that is played: the API and Prometheus over HTTP on one port, and behind them objects with a life of
 * their own. `stages/` holds that life (controllers, scheduler, kubelets, autoscalers), written after the real ones and stepped
 * together, once every second or two of the clock. Nothing sets a number of replicas or nodes but those: a Deployment says how much
 * traffic it gets, its pod template what a request costs (the annotations of `load/`), and all else follows.
 * What is true of Kubernetes is decided by a real control plane; where this one differs, this one is wrong.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type KubeApi, type KubeApiOptions, startKubeApi } from "./api.ts";
import { formatKubeconfig } from "./kubeconfig.ts";
import { feelLoad } from "./stages/feel.ts";
import { createLife, type Life } from "./stages/life.ts";
import { applyManifest, type Manifest } from "./stages/manifests.ts";
import { defaultPool, type NodePool } from "./stages/nodes.ts";
import { createRandom } from "./stages/random.ts";
import { settle } from "./stages/settled.ts";
import { createWorld, type World } from "./stages/world.ts";
import { startTicking } from "./stages/ticking.ts";
import { createObjectStore } from "./store.ts";
import type { KubeObject, ObjectStore } from "./types.ts";
import { createMeters, type Meters } from "#sim/prometheus/meters.ts";
import { createPrometheusRoutes } from "#sim/prometheus/routes.ts";
import type { SimClock } from "#sim/clock.ts";

export type { Manifest } from "./stages/manifests.ts";

/** How a simulated cluster begins. */
export interface ClusterOptions {
  readonly clock: SimClock;
  readonly seed: number;
  /** Nodes at the start and at least; 10 without it. */
  readonly nodes?: number;
  /** Nodes at most; 200 without it. */
  readonly maxNodes?: number;
  /** Created first, settled: each Deployment has its pods ready. ReplicaSets among them are earlier revisions. */
  readonly objects?: readonly Manifest[];
  /** Schema versions of databases at the start. */
  readonly databases?: Readonly<Record<string, number>>;
  /** Milliseconds since when all has been as it is at the start; 8 days without it. Prometheus knows that time. */
  readonly usualSince?: number;
  /** How long a new node takes, in milliseconds; 5,000 without it, as on the real control plane of our tests. */
  readonly nodeDelay?: number;
  /** 15 without it. */
  readonly hpaSyncSeconds?: number;
  /** 300 without it, as in Kubernetes; the real control plane of our tests has 60. */
  readonly hpaDownscaleStabilizationSeconds?: number;
  /** One that is free without it. */
  readonly port?: number;
  readonly tokens?: KubeApiOptions["tokens"];
  /** Without life of its own: only `step` moves it. For tests with a manual clock. */
  readonly stepped?: boolean;
}

/** A cluster that runs until it is disposed. */
export interface SimulatedCluster extends AsyncDisposable {
  /** Of the Kubernetes API. */
  readonly url: string;
  /** For `PROMETHEUS_URL`. */
  readonly prometheusUrl: string;
  /** The text of a kubeconfig file. */
  readonly kubeconfig: string;
  readonly store: ObjectStore;
  readonly faults: KubeApi["faults"];
  /** Moves a database's schema, as a migration or a down-migration does; pods notice within seconds. */
  setSchema(name: string, version: number): void;
  /** Creates an object, or merges the manifest into the one that is there (null removes a field). */
  apply(manifest: Manifest): KubeObject;
  /** Everything that was to happen by itself at a certain time happens so many milliseconds later. */
  postpone(ms: number): void;
  /** Lets the cluster live until that time (milliseconds), in steps of a second. */
  step(until: number): void;
}

const day = 86_400_000;

/** Starts a cluster on loopback. */
export async function startSimulatedCluster(options: ClusterOptions): Promise<SimulatedCluster> {
  const { clock, port, tokens } = options;
  const parts = createParts(options);
  const { world, store, now } = parts;
  const routes = createPrometheusRoutes(parts.meters, () => clock.now());
  const extraRoutes = (request: IncomingMessage, response: ServerResponse, url: URL) => routes(request, response, url);
  const api = await startKubeApi({
    store,
    now,
    extraRoutes,
    ...(port === undefined ? {} : { port }),
    ...(tokens ? { tokens } : {}),
  });
  const ticking = startTicking({ clock, step: parts.step, stepped: options.stepped ?? false });
  return {
    url: api.url,
    prometheusUrl: `${api.url}/prometheus`,
    kubeconfig: formatKubeconfig(api.url),
    store,
    faults: api.faults,
    setSchema(name, version) {
      world.databases.set(name, version);
      parts.life.kubelet.probe(name, now());
    },
    apply: (manifest) => applyManifest(store, manifest),
    postpone(ms) {
      world.late.ms = ms;
    },
    step: ticking.until,
    async [Symbol.asyncDispose]() {
      await ticking[Symbol.asyncDispose]();
      world[Symbol.dispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

interface Parts {
  readonly store: ObjectStore;
  readonly world: World & Disposable;
  readonly life: Life;
  readonly meters: Meters;
  readonly now: () => number;
  readonly step: (time: number) => void;
}

function createParts(options: ClusterOptions): Parts {
  const { clock, seed, objects = [], databases = {} } = options;
  const begin = clock.now();
  // While a step runs, the store's time is the step's: a loop that is late writes what it would have written in time.
  let stepping: number | undefined;
  const now = () => stepping ?? clock.now();
  const at = <T>(time: number, act: () => T): T => {
    const outer = stepping;
    stepping = time;
    try {
      return act();
    } finally {
      stepping = outer;
    }
  };
  const random = createRandom(seed);
  const store = createObjectStore({ now, random });
  const world = createWorld(store, random);
  for (const [name, version] of Object.entries(databases)) world.databases.set(name, version);
  const since = options.usualSince ?? begin - 8 * day;
  const pool = poolOf(options);
  settle({ world, pool, since, at }, objects);
  const flags = { syncSeconds: options.hpaSyncSeconds ?? 15, downscaleSeconds: options.hpaDownscaleStabilizationSeconds ?? 300 };
  const life = createLife(world, { pool, ...flags });
  // Twice: who waits for others waits as long as those wait for others again.
  for (const before of [60_000, 0]) feelLoad(world, begin - before);
  const meters = createMeters(world, { since, begin });
  const step = (time: number) =>
    at(time, () => {
      life.step(time);
      meters.take(time);
    });
  step(begin);
  return { store, world, life, meters, now, step };
}

function poolOf({ nodes, maxNodes, nodeDelay }: ClusterOptions): NodePool {
  const { least, most, delay } = defaultPool;
  return { ...defaultPool, delay: nodeDelay ?? delay, least: nodes ?? least, most: maxNodes ?? most };
}
