import { asFields } from "#sim/cluster/call.ts";
import { deleteGracefully } from "#sim/cluster/collect.ts";
import { disruptionStatus } from "#sim/cluster/disruption.ts";
import { toMatcher } from "#sim/cluster/selectors.ts";
import { type Pod } from "./kinds.ts";
import { priorityOf } from "./priority.ts";
import { cpuOf } from "./quantity.ts";
import type { Room } from "./scheduler.ts";
import { toTime, type World } from "./world.ts";

const component = "default-scheduler";

/** A node on which room can be made, and who has to go for it. */
interface Sacrifice {
  readonly node: string;
  readonly victims: readonly Pod[];
  /** How many of them some budget wanted to keep. */
  readonly violations: number;
}

/**
 * Makes room for a pod that fits nowhere by removing less important ones, as the scheduler's preemption does (framework/preemption and
 * plugins/defaultpreemption): on each node as few and as unimportant pods as will do; of the nodes the one with the fewest broken budgets,
 * the least important victim, the least importance in sum, the fewest victims, the youngest. Returns whether it made or is making room.
 */
export function makeRoomFor(world: World, pod: Pod, rooms: readonly Room[], now: number): boolean {
  if (pod.spec.preemptionPolicy === "Never") return false;
  if (isComing(world, pod)) return true;
  const budgets = budgetsOf(world, now);
  const choices = rooms.flatMap((room) => sacrificeOn(world, pod, room, budgets) ?? []);
  const [best] = choices.toSorted((a, b) => compare(costOf(a), costOf(b)));
  if (!best) return false;
  for (const victim of best.victims) remove(world, victim, pod, best.node, now);
  const { namespace, name } = pod.metadata;
  const nominate = (object: { readonly status?: object }) => ({ ...object.status, nominatedNodeName: best.node });
  world.store.modify("v1/pods", namespace, name, (object) => ({ ...object, status: nominate(object) }));
  return true;
}

/** The priority of the least important pod that runs. Thousands that wait are no more important than that, and ask no further. */
export function leastPriority({ index }: World): number {
  let least = Number.POSITIVE_INFINITY;
  for (const pods of index.podsOn.groups.values()) for (const pod of pods.values()) least = Math.min(least, priorityOf(pod));
  return least;
}

/** Room was made for it already, and the last victims are on their way out. */
function isComing({ index }: World, pod: Pod): boolean {
  const on = index.podsOn.of(pod.status?.nominatedNodeName);
  for (const other of on.values()) {
    if (other.metadata.deletionTimestamp !== undefined && priorityOf(other) < priorityOf(pod)) return true;
  }
  return false;
}

function sacrificeOn(world: World, pod: Pod, room: Room, budgets: readonly Budget[]): Sacrifice | undefined {
  const lesser = [...world.index.podsOn.of(room.name).values()].filter(
    (other) => other.metadata.deletionTimestamp === undefined && priorityOf(other) < priorityOf(pod),
  );
  const needed = cpuOf(pod.spec).requestMilli;
  let free = room.cpuFree - promisedOn(world, room.name);
  const kept = keptByBudgets(lesser, budgets);
  const reluctance = (other: Pod) => [kept.has(other) ? 1 : 0, ...importanceOf(other)];
  const victims: Pod[] = [];
  for (const other of lesser.toSorted((a, b) => compare(reluctance(a), reluctance(b)))) {
    if (free >= needed) break;
    victims.push(other);
    free += cpuOf(other.spec).requestMilli;
  }
  if (free < needed || victims.length === 0) return undefined;
  return { node: room.name, victims, violations: victims.filter((victim) => kept.has(victim)).length };
}

/** CPU on a node that belongs to pods for which others have just gone or are about to. */
function promisedOn({ index }: World, node: string): number {
  let promised = 0;
  for (const waiting of index.unscheduled.values()) {
    if (waiting.status?.nominatedNodeName === node) promised += cpuOf(waiting.spec).requestMilli;
  }
  for (const leaving of index.podsOn.of(node).values()) {
    if (leaving.metadata.deletionTimestamp !== undefined) promised -= cpuOf(leaving.spec).requestMilli;
  }
  return Math.max(0, promised);
}

/** Less important ones and, among equals, younger ones go first. */
function importanceOf(pod: Pod): readonly number[] {
  return [priorityOf(pod), -Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp)];
}

function costOf({ violations, victims }: Sacrifice): readonly number[] {
  const priorities = victims.map(priorityOf);
  const highest = Math.max(...priorities);
  const oldest = Math.min(
    ...victims.filter((pod) => priorityOf(pod) === highest).map(({ status }) => Date.parse(status?.startTime ?? "") || 0),
  );
  // As the real one, which adds 2^31 to each so that fewer victims count even below 0.
  const sum = priorities.reduce((total, priority) => total + priority + 2 ** 31, 0);
  return [violations, highest, sum, victims.length, -oldest];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface Budget {
  readonly namespace: string | undefined;
  readonly matches: (pod: Pod) => boolean;
  readonly allowed: number;
}

function budgetsOf({ store }: World, now: number): Budget[] {
  return [...store.list("policy/v1/poddisruptionbudgets")].map((budget) => ({
    namespace: budget.metadata.namespace,
    matches: toMatcher(asFields(budget.spec?.["selector"])),
    allowed: Number(disruptionStatus(store, budget, now)["disruptionsAllowed"]),
  }));
}

/** Pods that a budget wants to stay; the most important ones use up what it allows (filterPodsWithPDBViolation). */
function keptByBudgets(pods: readonly Pod[], budgets: readonly Budget[]): ReadonlySet<Pod> {
  const kept = new Set<Pod>();
  for (const { namespace, matches, allowed } of budgets) {
    const covered = pods.filter((pod) => pod.metadata.namespace === namespace && matches(pod));
    const inOrder = covered.toSorted((a, b) => compare(importanceOf(b), importanceOf(a)));
    for (const pod of inOrder.slice(Math.max(0, allowed))) kept.add(pod);
  }
  return kept;
}

function remove(world: World, victim: Pod, preemptor: Pod, node: string, now: number): void {
  const { namespace, name } = victim.metadata;
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: toTime(now),
    reason: "PreemptionByScheduler",
    message: `${component}: preempting to accommodate a higher priority pod`,
  };
  world.store.modify("v1/pods", namespace, name, (object) => {
    const conditions = ((object as Pod).status?.conditions ?? []).filter(({ type }) => type !== condition.type);
    return { ...object, status: { ...object.status, conditions: [...conditions, condition] } };
  });
  const current = world.store.get("v1/pods", namespace, name);
  if (current) deleteGracefully(world.store, "v1/pods", current, now);
  const message = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`;
  world.events.say({ about: victim, type: "Normal", reason: "Preempted", message, component }, now);
}
