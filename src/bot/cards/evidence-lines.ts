import type { Evidence } from "#domain/diagnosis.ts";
import { escape } from "#bot/escape.ts";

/** Reasons for and against, the weightiest first of each, at most `max`: a third of the room is for those against. */
export function evidenceLines(evidence: readonly Evidence[], max: number): string[] {
  const byWeight = [...withoutEcho(evidence)].sort((left, right) => right.weight - left.weight);
  const against = byWeight.filter((piece) => !piece.for).slice(0, Math.ceil(max / 3));
  const speaksFor = byWeight.filter((piece) => piece.for).slice(0, Math.max(0, max - against.length));
  return [...speaksFor.map(({ text }) => `+ ${escape(text, 180)}`), ...against.map(({ text }) => `− ${escape(text, 180)}`)];
}

/** How long after its rollout the climb began is part of what "in-rollout" says. */
function withoutEcho(evidence: readonly Evidence[]): readonly Evidence[] {
  const told = evidence.some(({ kind, for: supports }) => kind === "in-rollout" && supports);
  return told ? evidence.filter(({ kind, for: supports }) => kind !== "delay" || !supports) : evidence;
}
