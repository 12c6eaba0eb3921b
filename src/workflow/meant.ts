import type { ClusterPort } from "#domain/ports/store.ts";
import { covers } from "#analysis/pattern.ts";
import { findNamed } from "./explain.ts";
import { workloadKey } from "#domain/workload.ts";

/** What a person means by a name or a pattern, and how many workloads that are now. */
export type Meant =
  | { readonly kind: "meant"; readonly pattern: string; readonly workloads: number }
  | { readonly kind: "unknown"; readonly similar: readonly string[] }
  | { readonly kind: "refused"; readonly text: string };

/** Names of Kubernetes, and `*`; at most cluster, namespace and name. */
const shape = /^[a-z0-9*]([a-z0-9.*-]{0,252})(\/[a-z0-9*][a-z0-9.*-]{0,252}){0,2}$/;

/** Reads a workload's name, which must be known, or a pattern, which may mean workloads to come. */
export async function readMeant(
  { verbs, cluster }: { readonly verbs: Pick<ClusterPort, "workloads">; readonly cluster: string },
  asked: string,
): Promise<Meant> {
  const states = await verbs.workloads(cluster);
  if (!asked.includes("*")) {
    const named = findNamed(states, asked);
    return named.kind === "unknown" ? named : { kind: "meant", pattern: workloadKey(named.state.workload), workloads: 1 };
  }
  const pattern = asked.toLowerCase();
  if (!shape.test(pattern))
    return { kind: "refused", text: "A pattern looks like this: shop/*, shop/web-*, prod/shop/* (cluster first), or *." };
  return { kind: "meant", pattern, workloads: states.filter(({ workload }) => covers(pattern, workloadKey(workload))).length };
}
