import type { WorkloadKey } from "#domain/workload.ts";
import { matches } from "./policy.ts";

/**
 * Does a pattern mean this workload, namespace or cluster? `name`, `namespace/name` or `cluster/namespace/name`, where `*` in a part
 * stands for any characters: `shop/*` is all of a namespace, and the namespace itself.
 */
export function covers(pattern: string, key: WorkloadKey): boolean {
  const wanted = pattern.split("/");
  const parts = key.split("/").slice(-wanted.length);
  return parts.length === wanted.length && wanted.every((part, index) => matches(part, parts[index] ?? ""));
}
