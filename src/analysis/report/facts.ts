import type { Incident } from "#domain/incident.ts";
import type { Suspect } from "#domain/diagnosis.ts";
import type { Instant } from "#domain/workload.ts";
import { phasesOf } from "#domain/phases.ts";
import { isPlace } from "#domain/workload.ts";
import { type ActKind, type Step, wasDone } from "#domain/plan.ts";
import { code, text } from "./markdown.ts";

/** What a report is made from. */
export interface ReportFacts {
  readonly incident: Incident;
  /** Names of people by their Slack ids, as far as they are known. Foreign text. */
  readonly names: ReadonlyMap<string, string>;
  /** Which report of this incident it is; 0: it is only printed. */
  readonly number: number;
  readonly at: Instant;
}

/** Whom an id stands for. */
export function personOf({ names }: Pick<ReportFacts, "names">, id: string): string {
  return text(names.get(id) ?? id, 80);
}

/** What the incident is about: its name as code. */
export function subjectOf({ workload }: Pick<Incident, "workload">): string {
  if (!isPlace(workload)) return code(`${workload.namespace}/${workload.name}`);
  return workload.kind === "Cluster" ? `cluster ${code(workload.cluster)}` : `namespace ${code(workload.namespace)}`;
}

/** When it began, as the message in Slack tells it. */
export function beganAt(incident: Incident): Instant {
  return phasesOf(incident)[0]?.at ?? incident.spike.startedAt;
}

/** The suspects worth telling: the first, and up to two more that are not mere noise. */
export function suspectsOf({ diagnosis }: Pick<Incident, "diagnosis">): readonly Suspect[] {
  if (!diagnosis?.named) return [];
  return diagnosis.suspects.slice(0, 3).filter(({ probability }, index) => index === 0 || probability >= 0.05);
}

/** Steps that somebody pressed and that came to an end, in their order. */
export function actsOf({ plan }: Pick<Incident, "plan">): readonly (Step & { readonly at: Instant })[] {
  return plan
    .flatMap((step) => (step.at === undefined || step.kind === "verify" ? [] : [{ ...step, at: step.at }]))
    .filter((step) => wasDone(step) || step.state === "failed")
    .toSorted((a, b) => a.at - b.at);
}

/** The last act of a kind that was done and not taken back by another of these kinds since. */
export function standing(incident: Pick<Incident, "plan">, kind: ActKind, takenBackBy: readonly ActKind[]): Step | undefined {
  const done = actsOf(incident).filter(wasDone);
  const act = done.findLast((step) => step.kind === kind && step.aside !== "undo");
  const later = done.some(
    (step) => act && step.at > act.at && (takenBackBy.includes(step.kind as ActKind) || step.aside === "undo"),
  );
  return later ? undefined : act;
}

/** The ceiling that stood when it began, where that is known. */
export function ceilingBefore(incident: Pick<Incident, "plan" | "now">): number | undefined {
  const first = actsOf(incident).find(({ did }) => did?.kind === "cap" || did?.kind === "lower")?.did;
  return first && "fromMax" in first ? first.fromMax : incident.now.ceiling;
}
