import type { AuditPort, IncidentPort, StopPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { PeoplePort, StopRequest } from "#domain/ports/slack.ts";
import type { Policy } from "#domain/policy.ts";
import type { Log } from "#lib/log.ts";
import { mayAnything } from "#analysis/policy.ts";
import { recordRefusal } from "./record-refusal.ts";

interface StopOptions {
  readonly verbs: StopPort & Pick<AuditPort, "audit"> & Pick<IncidentPort, "findIncident">;
  readonly policy: Policy;
  readonly people: PeoplePort;
  readonly now: () => Instant;
  readonly log: Log;
}

const nowhere = { incidentId: "-", stepId: "-" } as const;

interface Said {
  readonly done: boolean;
  readonly text: string;
}

const stopped =
  "All acts are stopped: nothing can be approved, and what runs ends at its next pause. `/k8s-why go` turns them on again.";

/** Turns all acts off, or on again, for those who may act at all. What runs stops at its next pause. */
export function createStop(options: StopOptions): (request: StopRequest) => Promise<Said> {
  const { verbs, policy, people } = options;
  return async (request) => {
    const { user, on, reason = "" } = request;
    if (!mayAnything(policy, await people.person(user))) {
      await recordRefusal(options, { ...nowhere, user, text: `${on ? "stop" : "go"} ${reason}`.trim() });
      return { done: false, text: "Only people whom a rule allows something may do that. Nothing was changed." };
    }
    if (on) return stop(options, request);
    if (!(await verbs.findStop())) return { done: false, text: "Acts were not stopped." };
    return go(options, request);
  };
}

/** The record never holds up a stop. */
async function stop({ verbs, now }: StopOptions, { user, reason }: StopRequest): Promise<Said> {
  const at = now();
  await verbs.saveStop({ by: user, at, ...(reason !== undefined && { reason: reason.slice(0, 300) }) });
  await verbs.audit({ ...nowhere, at, by: user, what: "stopped", text: reason ?? "" });
  return { done: true, text: stopped };
}

/** Acts come on again only once it is written who said so. */
async function go({ verbs, now }: StopOptions, { user, reason }: StopRequest): Promise<Said> {
  await verbs.audit({ ...nowhere, at: now(), by: user, what: "resumed", text: reason ?? "" });
  await verbs.forgetStop();
  return { done: true, text: "Acts are on again." };
}
