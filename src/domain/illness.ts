import type { Trouble } from "./spike.ts";
import type { Instant } from "./workload.ts";

/** What exactly is wrong, by a short stable word. */
export type IllnessKind =
  | "crash-loop"
  | "out-of-memory"
  | "image-pull"
  | "bad-configuration"
  | "cannot-create"
  | "never-ready"
  | "restarting"
  | "slower"
  | "no-metrics"
  | "flapping"
  | "pending-pods"
  | "many-nodes"
  | "no-new-nodes"
  | "no-pod-addresses"
  | "quota-exhausted";

/** Something wrong that can be seen in the cluster now and has held for long enough to be told. */
export interface Illness {
  readonly kind: IllnessKind;
  /** When it began, as far as was seen. */
  readonly since: Instant;
  readonly toldAt: Instant;
  /** What `text` counts: pods, nodes, restarts. */
  readonly value: number;
  /** The same where it is well; 0 where any is too much. */
  readonly usual: number;
  /** A sentence for a person. Holds names and messages of the cluster, cut: foreign text, escape before showing. */
  readonly text: string;
}

type SeenTrouble = Exclude<Trouble, "runaway" | "above-ceiling">;

/** The trouble that each illness is a sign of. */
export const illnessTroubles: Readonly<Record<IllnessKind, SeenTrouble>> = {
  "crash-loop": "rollout-failing",
  "out-of-memory": "rollout-failing",
  "image-pull": "rollout-failing",
  "bad-configuration": "rollout-failing",
  "cannot-create": "rollout-failing",
  "never-ready": "rollout-failing",
  restarting: "rollout-failing",
  slower: "rollout-failing",
  "no-metrics": "autoscaler-ill",
  flapping: "autoscaler-ill",
  "pending-pods": "cluster",
  "many-nodes": "cluster",
  "no-new-nodes": "cluster",
  "no-pod-addresses": "cluster",
  "quota-exhausted": "cluster",
};

/** The trouble that an illness is a sign of. */
export function troubleOf(kind: IllnessKind): SeenTrouble {
  return illnessTroubles[kind];
}
