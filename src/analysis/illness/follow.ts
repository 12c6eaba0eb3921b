import type { Illness, IllnessKind } from "#domain/illness.ts";
import type { Instant } from "#domain/workload.ts";
import type { Symptom } from "./facts.ts";

/** A symptom that is held in mind, also for a while after it went. */
export interface Held {
  readonly since: Instant;
  readonly seenAt: Instant;
  readonly toldAt?: Instant;
}

export type HeldSymptoms = Readonly<Partial<Record<IllnessKind, Held>>>;

/** One that was told and comes back within this time is the same one: a crashing pod runs for a moment now and then. */
const SAME_MS = 5 * 60_000;
/** One that was not told yet must hold without such a gap: what each rollout brings for a moment adds up to nothing. */
const GAP_MS = 60_000;

/** What was concluded. */
export interface Followed {
  readonly held: HeldSymptoms;
  /** Seen now, and held long enough to be told. */
  readonly illnesses: readonly Illness[];
  /** Those of them that nobody was told of yet. */
  readonly fresh: readonly Illness[];
}

/** Hysteresis: a symptom is an illness once it has held for as long as its rule wants, is told once, and is forgotten five minutes after it went. */
export function follow(before: HeldSymptoms, symptoms: readonly Symptom[], at: Instant): Followed {
  const kept = (Object.entries(before) as [IllnessKind, Held][]).filter(
    ([, { seenAt, toldAt }]) => at - seenAt < (toldAt === undefined ? GAP_MS : SAME_MS),
  );
  const known: HeldSymptoms = Object.fromEntries(kept);
  const seen = symptoms.map((symptom) => ({ symptom, held: hold(known[symptom.kind], symptom, at) }));
  const illnesses = seen.flatMap(({ symptom, held }) => toIllness(symptom, held) ?? []);
  return {
    held: { ...known, ...Object.fromEntries(seen.map(({ symptom, held }) => [symptom.kind, held])) },
    illnesses,
    fresh: illnesses.filter(({ kind }) => known[kind]?.toldAt === undefined),
  };
}

function hold(known: Held | undefined, { holdMs }: Symptom, at: Instant): Held {
  const since = known?.since ?? at;
  return { since, seenAt: at, toldAt: known?.toldAt ?? (at - since >= holdMs ? at : undefined) };
}

function toIllness({ kind, value, usual, text, beganAt }: Symptom, { since, toldAt }: Held): Illness | undefined {
  return toldAt === undefined ? undefined : { kind, since: Math.min(since, beganAt ?? since), toldAt, value, usual, text };
}

/** What was told before a restart is held in mind as told. */
export function heldFrom(illnesses: readonly Illness[], at: Instant): HeldSymptoms {
  return Object.fromEntries(illnesses.map(({ kind, since, toldAt }) => [kind, { since, seenAt: at, toldAt }]));
}
