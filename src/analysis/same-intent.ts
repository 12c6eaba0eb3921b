import type { CapIntent, DrainIntent, Intent, RollbackIntent } from "#domain/plan.ts";

/**
 * Does a second yes mean what the first meant? Bound to identities and to the values that the step changes or relies on, not to counts: a ceiling follows
 * what runs, and nodes that went by themselves need no draining. A node that was not shown to the first person is another intent.
 */
export function isSameIntent(first: Intent, second: Intent): boolean {
  if (first.kind === "cap" && second.kind === "cap") return isSameCap(first, second);
  if (first.kind === "rollback" && second.kind === "rollback") return isSameRollback(first, second);
  if (first.kind === "drain" && second.kind === "drain") return isWithin(second, first);
  return false;
}

function isSameCap(first: CapIntent, second: CapIntent): boolean {
  return first.autoscalerUid === second.autoscalerUid && first.fromMax === second.fromMax;
}

function isSameRollback(first: RollbackIntent, second: RollbackIntent): boolean {
  return (
    first.uid === second.uid &&
    first.fromTemplateHash === second.fromTemplateHash &&
    first.toTemplateHash === second.toTemplateHash
  );
}

function isWithin(second: DrainIntent, first: DrainIntent): boolean {
  const shown = new Set(first.nodes.map(({ uid }) => uid));
  return first.cluster === second.cluster && second.nodes.every(({ uid }) => shown.has(uid));
}
