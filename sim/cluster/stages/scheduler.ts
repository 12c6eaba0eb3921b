import type { Index } from "./world-index.ts";
import type { Node, Pod } from "./kinds.ts";
import { conditionOf } from "./kinds.ts";
import { leastPriority, makeRoomFor } from "./preemption.ts";
import { byPriority, priorityOf } from "./priority.ts";
import { cpuOf, parseQuantity } from "./quantity.ts";
import { toTime, type World } from "./world.ts";

/** Room on a node, as the scheduler counts it. */
export interface Room {
  readonly name: string;
  readonly cpuMilli: number;
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
  const rooms = roomsOf(world.index);
  const place = createPlacer(rooms);
  const least = leastPriority(world);
  let said = 0;
  for (const pod of byPriority(unscheduled.values())) {
    // Asked for another scheduler: left to it.
    if ((pod.spec.schedulerName ?? ours) !== ours) continue;
    const room = place(cpuOf(pod.spec).requestMilli);
    if (room) bind(world, pod, room.name, now);
    else if (priorityOf(pod) > least && makeRoomFor(world, pod, rooms, now)) continue;
    else if (!conditionOf(pod, "PodScheduled")) {
      // Said once: thousands may wait for long.
      refuse(world, pod, whyNot(rooms, nodes.size, cpuOf(pod.spec).requestMilli), said < eventsAPass, now);
      said += 1;
    }
  }
}

/** Room on the nodes that take pods. */
export function roomsOf({ nodes, takenOn }: Index): Room[] {
  const open = [...nodes.values()].filter(({ spec }) => !spec?.unschedulable);
  return open.map((node) => {
    const { cpuMilli, pods } = allocatable(node);
    const taken = takenOn.get(node.metadata.name) ?? { cpuMilli: 0, pods: 0 };
    return { name: node.metadata.name, cpuMilli, cpuFree: cpuMilli - taken.cpuMilli, podsFree: pods - taken.pods };
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
export function whyNot(rooms: readonly Room[], nodes: number, cpuMilli: number): string {
  const short = rooms.filter(({ cpuFree }) => cpuFree < cpuMilli).length;
  const full = rooms.filter(({ podsFree, cpuFree }) => podsFree < 1 && cpuFree >= cpuMilli).length;
  const cordoned = nodes - rooms.length;
  const reasons = [
    [short, "Insufficient cpu"],
    [full, "Too many pods"],
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
