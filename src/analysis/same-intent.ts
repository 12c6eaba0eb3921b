import type { Intent, IntentOf, NodeRef } from "#domain/intent.ts";

type Comparison<K> = (first: IntentOf<K>, second: IntentOf<K>) => boolean;

/**
 * Does a second yes mean what the first meant? Bound to identities and to the values that the step changes or relies on, not to counts that move by
 * themselves: a cap follows what runs, and nodes that went by themselves need no draining. A node that was not shown to the first person is
 * another intent.
 */
export function isSameIntent(first: Intent, second: Intent): boolean {
  return first.kind === second.kind && (comparisons[first.kind] as Comparison<Intent["kind"]>)(first, second);
}

const sameCeiling: Comparison<"lower" | "restore"> = (first, second) =>
  first.autoscalerUid === second.autoscalerUid && first.fromMax === second.fromMax && first.toMax === second.toMax;

const sameRollout: Comparison<"pause" | "resume" | "restart"> = (first, second) =>
  first.uid === second.uid && first.templateHash === second.templateHash;

const within: Comparison<"drain" | "cordon" | "uncordon"> = (first, second) =>
  first.cluster === second.cluster && isPart(second.nodes, first.nodes);

const comparisons: { readonly [K in Intent["kind"]]: Comparison<K> } = {
  cap: (first, second) => first.autoscalerUid === second.autoscalerUid && first.fromMax === second.fromMax,
  lower: sameCeiling,
  restore: sameCeiling,
  migrate: (first, second) =>
    first.uid === second.uid && first.job?.digest === second.job?.digest && first.files.join("\n") === second.files.join("\n"),
  rollback: (first, second) =>
    first.uid === second.uid &&
    first.fromTemplateHash === second.fromTemplateHash &&
    first.toTemplateHash === second.toTemplateHash,
  scale: (first, second) => first.uid === second.uid && first.from === second.from && first.to === second.to,
  pause: sameRollout,
  resume: sameRollout,
  restart: sameRollout,
  drain: within,
  cordon: within,
  uncordon: within,
};

function isPart(some: readonly NodeRef[], all: readonly NodeRef[]): boolean {
  const shown = new Set(all.map(({ uid }) => uid));
  return some.every(({ uid }) => shown.has(uid));
}
