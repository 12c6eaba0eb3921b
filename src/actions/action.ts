import type { ActResult, PreviewResult, StepOrder } from "#domain/order.ts";
import type { Foretold, RolloutFacts } from "#domain/rollout.ts";
import type { Intent } from "#domain/intent.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { Clock } from "#lib/clock.ts";
import type { Log } from "#lib/log.ts";

/** One kind of act: what it would do, and doing it. */
export interface Action<I extends Intent> {
  readonly preview: (order: StepOrder) => Promise<PreviewResult>;
  /** Looks again, acts, reads back. Safe to run again after a crash. */
  readonly act: (intent: I, order: StepOrder) => Promise<ActResult>;
}

/** What every act stands on. */
export interface ActionContext {
  readonly connection: KubeConnection;
  /** The cluster that this agent acts in; orders for another are refused. */
  readonly cluster: string;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly log: Log;
  /** Name under which the API server records our writes. */
  readonly fieldManager: string;
  /** Has somebody turned all acts off? Asked between the parts of an act that takes long; throws while nobody can tell. */
  readonly isStopped: () => Promise<boolean>;
  /** By `namespace/name` of a workload: the suspended CronJob whose template takes its migrations back. */
  readonly downMigrations: ReadonlyMap<string, string>;
  /** Is it a namespace that no policy opens? The brain's matcher, asked of each pod that would have to move. */
  readonly isProtected: (namespace: string) => boolean;
  /** What a rollout will do on its way: the brain's, as the hands may not think for themselves. */
  readonly foretell: (facts: RolloutFacts) => Foretold;
  /** Drain: so many nodes are emptied at once at most. */
  readonly mostNodes: number;
  /** Called while an act takes long. */
  readonly onProgress: (order: StepOrder, text: string) => void;
}

/** A no, with a sentence for the person who asked. */
export function refused(text: string): { readonly kind: "refused"; readonly text: string } {
  return { kind: "refused", text };
}

export function alreadyDone(text: string): { readonly kind: "already-done"; readonly text: string } {
  return { kind: "already-done", text };
}

export function stale(text: string): { readonly kind: "stale"; readonly text: string } {
  return { kind: "stale", text: `${text} Look at it again before you decide.` };
}

/** `4000` as `4,000`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 pod`, `4,000 pods`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}
