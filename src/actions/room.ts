import type { KubeNode } from "#clients/kubernetes/objects.ts";
import type { NodePod } from "./pods.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";
import { count, counted } from "./action.ts";

/** What is free on one node. */
interface Room {
  readonly labels: Readonly<Record<string, string>>;
  cores: number;
  memory: number;
  pods: number;
}

/**
 * A warning when pods that move find no room on a node that stays. They are placed one by one, the largest first, each on the first node
 * that holds it and has the labels that it asks for; what taints and affinities forbid comes on top.
 */
export function roomWarnings(moving: readonly NodePod[], staying: readonly KubeNode[], pods: readonly NodePod[]): string[] {
  const rooms = roomsOf(staying, pods);
  const [free, widest] = [total(rooms), { cores: most(rooms, "cores"), memory: most(rooms, "memory") }];
  const homeless = moving.toSorted((a, b) => b.cores - a.cores || b.memory - a.memory).filter((pod) => !place(pod, rooms));
  const [largest] = homeless;
  if (!largest) return [];
  const who = `${counted(homeless.length, "pod")} of the ${count(moving.length)} that ${moving.length === 1 ? "moves" : "move"}`;
  const fits = largest.cores <= widest.cores && largest.memory <= widest.memory;
  const example = fits
    ? `The nodes that stay have ${amount(free)} and ${counted(free.pods, "place")} free.`
    : `${largest.namespace}/${largest.name} asks for ${amount(largest)}, and no node that stays has more than ${amount(widest)} free.`;
  return [`${who} ${homeless.length === 1 ? "finds" : "find"} no room: they wait, or new nodes are added for them. ${example}`];
}

function roomsOf(nodes: readonly KubeNode[], pods: readonly NodePod[]): Room[] {
  const podsOn = Map.groupBy(
    pods.filter(({ ended }) => !ended),
    ({ node }) => node,
  );
  return nodes.map(({ metadata, status }) => {
    const has = (resource: string, unsaid: number) => findQuantity(status?.allocatable?.[resource]) ?? unsaid;
    const room = { labels: metadata.labels ?? {}, cores: has("cpu", 0), memory: has("memory", 0), pods: has("pods", Infinity) };
    for (const pod of podsOn.get(metadata.name) ?? []) take(room, pod);
    return room;
  });
}

function place(pod: NodePod, rooms: readonly Room[]): boolean {
  const room = rooms.find(
    ({ cores, memory, pods, labels }) => pod.cores <= cores && pod.memory <= memory && pods >= 1 && hasAll(labels, pod.selector),
  );
  if (room) take(room, pod);
  return room !== undefined;
}

function hasAll(labels: Room["labels"], wanted: Room["labels"] = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function take(room: Room, { cores, memory }: NodePod): void {
  room.cores -= cores;
  room.memory -= memory;
  room.pods -= 1;
}

type Amount = "cores" | "memory" | "pods";

function total(rooms: readonly Room[]): Pick<Room, Amount> {
  const sum = (what: Amount) => rooms.reduce((all, room) => all + Math.max(0, room[what]), 0);
  return { cores: sum("cores"), memory: sum("memory"), pods: sum("pods") };
}

function most(rooms: readonly Room[], what: Amount): number {
  return Math.max(0, ...rooms.map((room) => room[what]));
}

function amount({ cores, memory }: { readonly cores: number; readonly memory: number }): string {
  return `${cores.toFixed(1)} cores and ${(memory / 2 ** 30).toFixed(1)} GiB of memory`;
}
