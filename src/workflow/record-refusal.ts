import type { AuditPort, IncidentPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";
import { messageOf } from "#lib/errors.ts";

interface RefusalOptions {
  readonly verbs: Pick<IncidentPort, "findIncident"> & Pick<AuditPort, "audit">;
  readonly now: () => Instant;
  readonly log: Log;
}

/** Somebody pressed something and was told no. */
export interface Refusal {
  readonly incidentId: string;
  readonly stepId: string;
  readonly user: string;
  readonly text: string;
}

/** Writes down a no. Never throws: a no holds also where it cannot be written down, and then the log has it. */
export async function recordRefusal(
  { verbs, now, log }: RefusalOptions,
  { incidentId, stepId, user, text }: Refusal,
): Promise<void> {
  try {
    const on = (await verbs.findIncident(incidentId))?.key;
    await verbs.audit({ at: now(), what: "refused", by: user, incidentId, stepId, ...(on !== undefined && { on }), text });
  } catch (error) {
    log.error({ incidentId, stepId, user, text, reason: messageOf(error) }, "A refusal could not be recorded");
  }
}
