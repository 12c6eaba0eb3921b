import type { Node, Pod } from "./kinds.ts";
import { conditionOf } from "./kinds.ts";
import { cpuOf } from "./quantity.ts";
import { toTime, type World } from "./world.ts";

/** How the node pool grows and shrinks; times in milliseconds. As autoscaler.go's flags. */
export interface NodePool {
  readonly least: number;
  readonly most: number;
  readonly cores: number;
  readonly podsPerNode: number;
  /** From a pod that does not fit to a new node. */
  readonly delay: number;
  /** From cordoned and empty to removed. */
  readonly idle: number;
  /** From empty, not cordoned, to removed. */
  readonly unneeded: number;
  /** New nodes at once, at most. */
  readonly batch: number;
}

/** Ten nodes of 4 cores that can become 200. */
export const defaultPool: NodePool = {
  least: 10,
  most: 200,
  cores: 4,
  podsPerNode: 110,
  delay: 5_000,
  idle: 10_000,
  unneeded: 600_000,
  batch: 10,
};

const component = "cluster-autoscaler";

/** An autoscaler that adds nodes for pods that do not fit and removes empty ones; `run` is what it does since the last run. */
export function createNodeAutoscaler(world: World, pool: NodePool): { run(now: number): void } {
  const emptySince = new Map<string, number>();
  let last = Number.NEGATIVE_INFINITY;
  return {
    run(now) {
      const waiting = waitingPods(world, now - pool.delay);
      // The real one passes every second.
      const passes = Math.max(1, Math.min(10, Math.floor((now - last) / 1000)));
      last = now;
      const before = world.index.nodes.size;
      addNodes(world, pool, Math.max(nodesFor(waiting, { ...pool, batch: pool.batch * passes }), pool.least - before), now);
      sayWhat(world, pool, waiting[0], before, now);
      removeEmpty(world, pool, emptySince, now);
    },
  };
}

function waitingPods({ index }: World, since: number): Pod[] {
  return [...index.unscheduled.values()].filter((pod) => {
    const condition = conditionOf(pod, "PodScheduled");
    return condition?.status === "False" && Date.parse(condition.lastTransitionTime) < since;
  });
}

/** Nodes that those pods need, going by the request of the first, at most a batch. */
export function nodesFor(waiting: readonly Pod[], { cores, podsPerNode, batch }: NodePool): number {
  const first = waiting[0];
  if (!first) return 0;
  const request = cpuOf(first.spec).requestMilli;
  const perNode = request > 0 ? Math.max(1, Math.min(podsPerNode, Math.floor((cores * 1000) / request))) : 1;
  return Math.min(batch, Math.ceil(waiting.length / perNode));
}

/** Adds up to so many nodes under the first free names, within the pool's most. */
export function addNodes({ store, index }: World, pool: NodePool, wanted: number, now: number): void {
  let left = Math.min(wanted, pool.most - index.nodes.size);
  for (let number = 0; left > 0; number += 1) {
    const name = nodeName(number);
    if (index.nodes.has(name)) continue;
    store.create("v1/nodes", toNode(name, number, pool, now));
    left -= 1;
  }
}

function nodeName(number: number): string {
  return `node-${String(number).padStart(3, "0")}`;
}

function toNode(name: string, number: number, { cores, podsPerNode }: NodePool, now: number) {
  const capacity = { cpu: String(cores), memory: "64Gi", pods: String(podsPerNode) };
  const labels = {
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/os": "linux",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    type: "kwok",
    "node.kubernetes.io/instance-type": `fake.${cores}cpu`,
    "topology.kubernetes.io/zone": "abc"[number % 3] ?? "a",
  };
  const status = { capacity, allocatable: capacity, conditions: nodeConditions(toTime(now)), phase: "Running", nodeInfo };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels, annotations: { "kwok.x-k8s.io/node": "fake" } },
    spec: {},
    status,
  };
}

const nodeInfo = {
  architecture: "amd64",
  operatingSystem: "linux",
  kubeletVersion: "kwok-simulated",
  kubeProxyVersion: "kwok-simulated",
};

function nodeConditions(time: string) {
  const say = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  });
  return [
    say("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    say("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    say("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    say("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
  ];
}

function sayWhat(world: World, pool: NodePool, about: Pod | undefined, before: number, now: number): void {
  if (!about) return;
  const after = world.index.nodes.size;
  if (after > before) {
    const message = `pod triggered scale-up: [{pool ${before}->${after} (max: ${pool.most})}]`;
    world.events.say({ about, type: "Normal", reason: "TriggeredScaleUp", message, component }, now);
  } else if (after >= pool.most) {
    const message = "pod didn't trigger scale-up: 1 max node group size reached";
    world.events.say({ about, type: "Normal", reason: "NotTriggerScaleUp", message, component }, now);
  }
}

function removeEmpty({ store, index }: World, pool: NodePool, emptySince: Map<string, number>, now: number): void {
  let left = index.nodes.size;
  for (const node of index.nodes.values()) {
    const { name } = node.metadata;
    const since = (index.takenOn.get(name)?.pods ?? 0) > 0 ? undefined : (emptySince.get(name) ?? now);
    if (since === undefined) emptySince.delete(name);
    else emptySince.set(name, since);
    if (since === undefined || now - since <= patience(node, pool) || left <= pool.least) continue;
    store.delete("v1/nodes", undefined, name);
    emptySince.delete(name);
    left -= 1;
  }
}

function patience({ spec }: Node, { idle, unneeded }: NodePool): number {
  return spec?.unschedulable ? idle : unneeded;
}
