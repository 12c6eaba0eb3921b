import { type Condition, conditionOf, controllerOf, type Pod } from "./kinds.ts";
import { databaseAnnotation, needsAnnotation, neverReadyAnnotation, schemaFits } from "./schema.ts";
import { toTime, type World } from "./world.ts";

/** Milliseconds from bound to ready: at least, and how much more at most (as kwok's stages on the real control plane). */
const readiness = { least: 2_000, jitter: 4_000 };
const shutdown = 1_000;
/** A readiness probe notices a schema that moved within so many milliseconds. */
const probePeriod = 5_000;

/** All kubelets at once. */
export interface Kubelet {
  run(now: number): void;
  /** Probes the pods of a database again: its schema moved. */
  probe(database: string, now: number): void;
}

/** Kubelets that have not seen a pod yet. */
export function createKubelet(world: World): Kubelet {
  const startAt = new Map<string, number>();
  const endAt = new Map<string, number>();
  const probeAt = new Map<string, { readonly at: number; readonly pod: Pod }>();
  let last: number | undefined;
  return {
    run(now) {
      const { starting, terminating } = world.index;
      // What is new here was bound or marked after the last pass.
      const since = last ?? now;
      last = now;
      due(
        starting,
        startAt,
        now,
        () => since + readiness.least + world.random() * readiness.jitter,
        (pod) => start(world, pod, now),
      );
      due(
        terminating,
        endAt,
        now,
        () => since + shutdown,
        (pod) => remove(world, pod),
      );
      for (const [uid, { at, pod }] of probeAt) {
        if (at > now) continue;
        probeAt.delete(uid);
        probePod(world, pod, now);
      }
    },
    probe(database, now) {
      for (const pod of podsOfDatabase(world, database)) {
        probeAt.set(pod.metadata.uid, { at: now + world.random() * probePeriod, pod });
      }
    },
  };
}

/** Does `act` to each pod at the time that it was given when first seen here. */
function due(
  pods: ReadonlyMap<string, Pod>,
  times: Map<string, number>,
  now: number,
  time: () => number,
  act: (pod: Pod) => void,
): void {
  for (const [uid, pod] of pods) {
    const at = times.get(uid) ?? time();
    times.set(uid, at);
    if (at <= now) {
      times.delete(uid);
      act(pod);
    }
  }
  if (pods.size === 0) times.clear();
}

function start(world: World, pod: Pod, now: number): void {
  const ready = canServe(world, pod);
  const { namespace, name } = pod.metadata;
  world.store.modify("v1/pods", namespace, name, (object) => ({ ...object, status: runningStatus(object as Pod, ready, now) }));
  if (!ready) sayUnhealthy(world, pod, now);
}

function remove({ store }: World, { metadata }: Pod): void {
  store.delete("v1/pods", metadata.namespace, metadata.name);
}

function probePod(world: World, { metadata }: Pod, now: number): void {
  const pod = world.store.get("v1/pods", metadata.namespace, metadata.name) as Pod | undefined;
  if (!pod || pod.metadata.uid !== metadata.uid || pod.status?.phase !== "Running") return;
  const ready = canServe(world, pod);
  if ((conditionOf(pod, "Ready")?.status === "True") === ready) return;
  world.store.modify("v1/pods", metadata.namespace, metadata.name, (object) => ({
    ...object,
    status: turned(object as Pod, ready, now),
  }));
  if (!ready) sayUnhealthy(world, pod, now);
}

function sayUnhealthy(world: World, about: Pod, now: number): void {
  const message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
  world.events.say({ about, type: "Warning", reason: "Unhealthy", message, component: "kubelet" }, now);
}

/** Whether the pod's code can work: it is not told to stay unready, and its database has a schema that it knows. */
export function canServe({ index, databases }: World, pod: Pod): boolean {
  const annotations = pod.metadata.annotations ?? {};
  if (annotations[neverReadyAnnotation] !== undefined) return false;
  const replicaSet = index.replicaSets.get(controllerOf(pod) ?? "");
  const deployment = index.deployments.get((replicaSet && controllerOf(replicaSet)) ?? "");
  const database = deployment?.metadata.annotations?.[databaseAnnotation];
  return database === undefined || schemaFits(annotations[needsAnnotation], databases.get(database));
}

function* podsOfDatabase({ index }: World, database: string): Iterable<Pod> {
  for (const [uid, { metadata }] of index.deployments) {
    if (metadata.annotations?.[databaseAnnotation] !== database) continue;
    for (const replicaSet of index.replicaSetsOf.of(uid).keys()) yield* index.podsOf.of(replicaSet).values();
  }
}

let lastAddress = 0;

/** The status of a pod that has just started. */
export function runningStatus(pod: Pod, ready: boolean, now: number): NonNullable<Pod["status"]> {
  lastAddress = (lastAddress + 1) % 0xfff_ffff;
  const ip = `10.${(lastAddress >> 16) & 255}.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
  const time = toTime(now);
  const scheduled = conditionOf(pod, "PodScheduled") ?? {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: time,
  };
  const initialized: Condition = { type: "Initialized", status: "True", lastProbeTime: null, lastTransitionTime: time };
  return {
    ...pod.status,
    phase: "Running",
    conditions: [initialized, ...readyConditions(pod, ready, time), scheduled],
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: "",
      ready,
      started: true,
      restartCount: 0,
      lastState: {},
      state: { running: { startedAt: time } },
    })),
    podIP: ip,
    podIPs: [{ ip }],
    startTime: time,
  };
}

function readyConditions(pod: Pod, ready: boolean, time: string): Condition[] {
  const names = pod.spec.containers.map(({ name }) => name).join(" ");
  const why = ready ? {} : { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
  const condition = { status: ready ? "True" : "False", lastProbeTime: null, lastTransitionTime: time, ...why } as const;
  return [
    { type: "Ready", ...condition },
    { type: "ContainersReady", ...condition },
  ];
}

function turned(pod: Pod, ready: boolean, now: number): NonNullable<Pod["status"]> {
  const kept = (pod.status?.conditions ?? []).filter(({ type }) => type !== "Ready" && type !== "ContainersReady");
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((container) => ({ ...container, ready }));
  return { ...pod.status, conditions: [...kept, ...readyConditions(pod, ready, toTime(now))], containerStatuses };
}
