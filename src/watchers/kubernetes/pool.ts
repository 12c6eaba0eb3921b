import type { Observation } from "#domain/ports/cluster.ts";
import type { Instant, NodeState } from "#domain/workload.ts";

/** Moves of the node count within this are one change. */
const ONE_CHANGE_MS = 60_000;

/** Follows the nodes and the pods that wait for one. */
export interface Pool {
  /** Tells the pool if it moved since the last call, and the change of the count. */
  flush(nodes: readonly NodeState[], pendingPods: number): void;
}

interface Move {
  readonly at: Instant;
  readonly from: number;
}

/** Starts nothing: somebody calls `flush` now and then, from when all nodes are known. */
export function createPool(options: {
  readonly cluster: string;
  readonly now: () => Instant;
  readonly emit: (observation: Observation) => void;
}): Pool {
  const { cluster, now, emit } = options;
  let count: number | undefined;
  let move: Move | undefined;
  let told: { readonly nodes: ReadonlySet<NodeState>; readonly pendingPods: number } | undefined;

  return {
    flush: (nodes, pendingPods) => {
      // Projected nodes are replaced when they change, so identity tells.
      if (told?.pendingPods === pendingPods && told.nodes.size === nodes.length && nodes.every((node) => told?.nodes.has(node)))
        return;
      const at = now();
      told = { nodes: new Set(nodes), pendingPods };
      emit({ kind: "pool", pool: { cluster, at, nodes, pendingPods } });
      if (count !== undefined && nodes.length !== count) {
        if (!move || at - move.at >= ONE_CHANGE_MS) move = { at, from: count };
        // The same id and time again: the record grows with the move, and nothing is lost if we end now.
        emit({
          kind: "change",
          change: {
            kind: "pool-change",
            id: `pool-change/${cluster}/${move.at}`,
            at: move.at,
            cluster,
            from: move.from,
            to: nodes.length,
          },
        });
      }
      count = nodes.length;
    },
  };
}
