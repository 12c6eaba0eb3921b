import type { Index } from "./world-index.ts";
import type { Node, Pod, Taint } from "./kinds.ts";
import { conditionOf } from "./kinds.ts";
import { leastPriority, makeRoomFor } from "./preemption.ts";
import { byPriority, priorityOf } from "./priority.ts";
import { cpuOf, parseQuantity } from "./quantity.ts";
import { toleratesAll } from "./taints.ts";
import { toTime, type World } from "./world.ts";

/** Room on a node, as the scheduler counts it. */
export interface Room {
  readonly name: string;
  readonly cpuMilli: number;
  readonly taints?: readonly Taint[];
  cpuFree: number;
  podsFree: number;
}

/** So many pods a pass get a FailedScheduling event; the rest wait in silence. */
const eventsAPass = 3;

const ours = "default-scheduler";

/** Binds waiting pods to nodes, the most important and oldest first; makes room for important ones, and says of those that fit nowhere why. */
export function runScheduler(world: World, now: number): void {
  const { unscheduled, nodes } = world.index;
  if (unscheduled.size === 0) return;
  const doorsOf = createDoors(roomsOf(world.index));
  const least = leastPriority(world);
  let said = 0;
  for (const pod of byPriority(unscheduled.values())) {
    // Asked for another scheduler: left to it.
    if ((pod.spec.schedulerName ?? ours) !== ours) continue;
    const { rooms, untolerated, place } = doorsOf(pod);
    const room = place(cpuOf(pod.spec).requestMilli);
    if (room) bind(world, pod, room.name, now);
    else if (priorityOf(pod) > least && makeRoomFor(world, pod, rooms, now)) continue;
    else if (!conditionOf(pod, "PodScheduled")) {
      // Said once: thousands may wait for long.
      refuse(world, pod, whyNot(rooms, nodes.size, cpuOf(pod.spec).requestMilli, untolerated), said < eventsAPass, now);
      said += 1;
    }
  }
}

/** The nodes on which pods with certain tolerations may be put. */
interface Doors {
  readonly rooms: readonly Room[];
  /** So many others have taints that such pods do not tolerate. */
  readonly untolerated: number;
  readonly place: ReturnType<typeof createPlacer>;
}

/** Pods that tolerate the same share the rooms that are open to them. */
function createDoors(rooms: readonly Room[]): (pod: Pod) => Doors {
  const known = new Map<string, Doors>();
  return ({ spec: { tolerations } }) => {
    const key = JSON.stringify(tolerations ?? []);
    const held = known.get(key);
    if (held) return held;
    const open = rooms.filter(({ taints }) => toleratesAll(tolerations, taints));
    const doors = { rooms: open, untolerated: rooms.length - open.length, place: createPlacer(open) };
    known.set(key, doors);
    return doors;
  };
}

/** Room on the nodes that take pods. */
export function roomsOf({ nodes, takenOn }: Index): Room[] {
  const open = [...nodes.values()].filter(({ spec }) => !spec?.unschedulable);
  return open.map((node) => {
    const { cpuMilli, pods } = allocatable(node);
    const taken = takenOn.get(node.metadata.name) ?? { cpuMilli: 0, pods: 0 };
    const free = { cpuFree: cpuMilli - taken.cpuMilli, podsFree: pods - taken.pods };
    return { name: node.metadata.name, cpuMilli, ...free, ...(node.spec?.taints && { taints: node.spec.taints }) };
  });
}

/** What a node offers to pods. */
function allocatable({ status }: Node): { readonly cpuMilli: number; readonly pods: number } {
  const offered = status?.allocatable ?? status?.capacity;
  return { cpuMilli: Math.round((parseQuantity(offered?.["cpu"]) ?? 0) * 1000), pods: parseQuantity(offered?.["pods"]) ?? 110 };
}

/** Finds the least taken node that has room, and takes the room. Where one pod did not fit, no larger one is tried again. */
export function createPlacer(rooms: readonly Room[]): (cpuMilli: number) => Room | undefined {
  let tooLarge = Number.POSITIVE_INFINITY;
  return (cpuMilli) => {
    if (cpuMilli >= tooLarge) return undefined;
    let best: Room | undefined;
    for (const room of rooms) {
      if (room.podsFree < 1 || room.cpuFree < cpuMilli) continue;
      if (!best || room.cpuFree / room.cpuMilli > best.cpuFree / best.cpuMilli) best = room;
    }
    if (!best) tooLarge = cpuMilli;
    else take(best, cpuMilli);
    return best;
  };
}

function take(room: Room, cpuMilli: number): void {
  room.cpuFree -= cpuMilli;
  room.podsFree -= 1;
}

function bind({ store }: World, pod: Pod, nodeName: string, now: number): void {
  const { namespace, name } = pod.metadata;
  const scheduled = { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: toTime(now) };
  store.modify("v1/pods", namespace, name, (object) => ({
    ...object,
    spec: { ...object.spec, nodeName },
    status: { ...object.status, conditions: [scheduled] },
  }));
}

/** The scheduler's own words for a pod that fits nowhere. */
export function whyNot(rooms: readonly Room[], nodes: number, cpuMilli: number, untolerated = 0): string {
  const short = rooms.filter(({ cpuFree }) => cpuFree < cpuMilli).length;
  const full = rooms.filter(({ podsFree, cpuFree }) => podsFree < 1 && cpuFree >= cpuMilli).length;
  const cordoned = nodes - rooms.length - untolerated;
  const reasons = [
    [short, "Insufficient cpu"],
    [full, "Too many pods"],
    [untolerated, "node(s) had untolerated taint(s)"],
    [cordoned, "node(s) were unschedulable"],
  ] as const;
  const counted = reasons.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`);
  const all = `0/${nodes} nodes are available`;
  return `${all}: ${counted.join(", ")}. no new claims to deallocate, preemption: ${all}: ${nodes} No preemption victims found for incoming pod.`;
}

function refuse(world: World, pod: Pod, message: string, aloud: boolean, now: number): void {
  const { namespace, name } = pod.metadata;
  const refused = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: toTime(now),
    reason: "Unschedulable",
    message,
  };
  world.store.modify("v1/pods", namespace, name, (object) => ({
    ...object,
    status: { ...object.status, conditions: [refused] },
  }));
  if (aloud) {
    world.events.say({ about: pod, type: "Warning", reason: "FailedScheduling", message, component: "default-scheduler" }, now);
  }
}
