import type { ClaimPort, IncidentPort, VerdictPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { JudgeRequest } from "#domain/ports/slack.ts";
import type { Suspect } from "#domain/diagnosis.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Enqueue } from "./jobs.ts";

type Verbs = Pick<IncidentPort, "findIncident" | "updateIncident"> &
  Pick<ClaimPort, "audit"> &
  Pick<VerdictPort, "saveVerdict" | "forgetVerdict"> & { readonly enqueue: Enqueue };

/** Records that a suspect was it, or was not, or takes that back; the incident's message then says so. */
export function createJudge({
  verbs,
  now,
}: {
  readonly verbs: Verbs;
  readonly now: () => Instant;
}): (request: JudgeRequest) => Promise<void> {
  return async ({ incidentId, suspectId, right, user }) => {
    const incident = await verbs.findIncident(incidentId);
    const suspect = incident?.diagnosis?.suspects.find((one) => one.id === suspectId);
    if (!incident || !suspect) return;
    const at = now();
    const verdict = right === undefined ? undefined : { ...verdictOn(suspect, incidentId), right, by: user, at };
    if (verdict) await verbs.saveVerdict(verdict);
    else await verbs.forgetVerdict(incidentId, suspectId);
    await verbs.audit({ at, incidentId, stepId: `verdict/${suspectId}`, by: user, what: "done", text: wordsOf(right) });
    const written = await verbs.updateIncident(incidentId, (current) => ({ ...current, verdict }));
    await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}/${written?.version ?? at}`, coalesce: true });
  };
}

function verdictOn({ id, probability, evidence }: Suspect, incidentId: string): Omit<Verdict, "right" | "by" | "at"> {
  return { incidentId, suspectId: id, probability, evidence: evidence.map((one) => ({ kind: one.kind, for: one.for })) };
}

function wordsOf(right: boolean | undefined): string {
  if (right === undefined) return "verdict taken back";
  return right ? "that was it" : "that was not it";
}
