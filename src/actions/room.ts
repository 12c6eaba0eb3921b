import type { KubeNode } from "#clients/kubernetes/objects.ts";
import type { NodePod } from "./pods.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";

/** A warning when the nodes that stay cannot hold the pods that move; a sum over all nodes, so a lower bound of the trouble. */
export function roomWarnings(moving: readonly NodePod[], staying: readonly KubeNode[], pods: readonly NodePod[]): string[] {
  const names = new Set(staying.map(({ metadata }) => metadata.name));
  const present = pods.filter(({ node, fate }) => names.has(node) && fate.kind !== "ignore");
  const cores = roomFor("cpu", staying) - sum(present, "cores");
  const memory = roomFor("memory", staying) - sum(present, "memory");
  const neededCores = sum(moving, "cores");
  const neededMemory = sum(moving, "memory");
  const warnings: string[] = [];
  if (neededCores > cores) warnings.push(tooSmall(`${cores.toFixed(1)} cores`, neededCores.toFixed(1)));
  if (neededMemory > memory) warnings.push(tooSmall(`${gibibytes(memory)} GiB of memory`, gibibytes(neededMemory)));
  return warnings;
}

function tooSmall(free: string, needed: string): string {
  return `The nodes that stay have ${free} free, and the pods that move ask for ${needed}: some will wait, or new nodes are added for them.`;
}

function roomFor(resource: string, nodes: readonly KubeNode[]): number {
  return nodes.reduce((total, { status }) => total + (findQuantity(status?.allocatable?.[resource]) ?? 0), 0);
}

function sum(pods: readonly NodePod[], what: "cores" | "memory"): number {
  return pods.reduce((total, pod) => total + pod[what], 0);
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
