import type { DiagnoseInput } from "./diagnose.ts";
import type { Instant } from "#domain/workload.ts";
import type { Landing } from "#domain/change.ts";
import type { Past, PastFacts } from "./past/past.ts";

/** Characters kept of a diff. */
const PATCH_KEPT = 20_000;

/** What the past said of the landings of one investigation. */
interface RecordedPast {
  readonly facts: readonly (readonly [string, PastFacts])[];
  readonly reverted: readonly (readonly [string, Instant])[];
}

/** What a diagnosis was given, as JSON: enough to make it again. */
export function recordingOf({ past, ...input }: DiagnoseInput): string {
  const landings = input.changes.filter((change): change is Landing => change.kind === "landing");
  const recorded = past && recordPast(past, landings);
  return JSON.stringify({ ...input, ...(recorded && { past: recorded }) }, (key, value: unknown) => {
    if (value instanceof Map) return { $map: [...(value as ReadonlyMap<unknown, unknown>)] };
    return key === "patch" && typeof value === "string" ? value.slice(0, PATCH_KEPT) : value;
  });
}

/** What `recordingOf` wrote, as a diagnosis takes it. Throws where the text is no JSON. */
export function inputOf(recording: string): DiagnoseInput {
  const { past, ...input } = JSON.parse(recording, (_key, value: unknown) => reviveMap(value)) as Omit<DiagnoseInput, "past"> & {
    readonly past?: RecordedPast;
  };
  return { ...input, ...(past && { past: replayPast(past) }) };
}

function reviveMap(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$map" in value)) return value;
  return new Map(value.$map as (readonly [unknown, unknown])[]);
}

function recordPast(past: Past, landings: readonly Landing[]): RecordedPast {
  return {
    facts: landings.flatMap(({ id }) => {
      const facts = past.factsOf(id);
      return facts ? [[id, facts] as const] : [];
    }),
    reverted: landings.flatMap(({ id }) => {
      const at = past.revertedAt(id);
      return at === undefined ? [] : [[id, at] as const];
    }),
  };
}

function replayPast({ facts, reverted }: RecordedPast): Past {
  const [factsById, revertedById] = [new Map(facts), new Map(reverted)];
  return {
    add: () => {},
    factsOf: (id) => factsById.get(id),
    revertedAt: (id) => revertedById.get(id),
  };
}
