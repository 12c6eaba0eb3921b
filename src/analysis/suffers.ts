import type { Illness } from "#domain/illness.ts";
import type { PoolState, WorkloadState } from "#domain/workload.ts";
import type { Suffers } from "#domain/incident.ts";

/** What of the cluster a workload, or a namespace, suffers from or with now; undefined: nothing is seen. */
export function suffersOf(
  state: WorkloadState | undefined,
  pool: PoolState | undefined,
  illnesses: readonly Illness[],
  namespace: string,
): Suffers | undefined {
  const pools = poolsOf(state?.pods?.nodes ?? [], pool);
  const said = [state?.cannotCreate ?? "", ...illnesses.map(({ text }) => text)];
  const quotas = [...new Set(said.flatMap((text) => quotaIn(text) ?? []))].map((name) => `${namespace}/${name}`);
  return pools.length + quotas.length === 0 ? undefined : { pools, quotas };
}

/** Pools that hold at least half of these nodes. */
function poolsOf(names: readonly string[], pool: PoolState | undefined): string[] {
  const poolOf = new Map((pool?.nodes ?? []).map((node) => [node.name, node.pool]));
  const pools = names.flatMap((name) => poolOf.get(name) ?? []);
  return [...new Set(pools)].filter((one) => 2 * pools.filter((other) => other === one).length >= names.length);
}

/** In the words of the ResourceQuota admission plugin, or in ours about it (illness/namespace.ts). */
function quotaIn(text: string): string | undefined {
  return /exceeded quota: ([^,\s]{1,253})/i.exec(text)?.[1] ?? /^The quota (\S{1,60}) is exhausted/.exec(text)?.[1];
}
