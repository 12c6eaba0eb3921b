import type { AuditPort, StopPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { PeoplePort, StopRequest } from "#domain/ports/slack.ts";
import type { Policy } from "#domain/policy.ts";
import { mayAnything } from "#analysis/policy.ts";

interface StopOptions {
  readonly verbs: StopPort & Pick<AuditPort, "audit">;
  readonly policy: Policy;
  readonly people: PeoplePort;
  readonly now: () => Instant;
}

/** Turns all acts off, or on again, for those who may act at all. What runs stops at its next pause. */
export function createStop({
  verbs,
  policy,
  people,
  now,
}: StopOptions): (request: StopRequest) => Promise<{ readonly done: boolean; readonly text: string }> {
  return async ({ user, on, reason }) => {
    if (!mayAnything(policy, await people.person(user)))
      return { done: false, text: "Only people whom a rule allows something may do that. Nothing was changed." };
    const at = now();
    if (on) await verbs.saveStop({ by: user, at, ...(reason !== undefined && { reason: reason.slice(0, 300) }) });
    else if (!(await verbs.forgetStop())) return { done: false, text: "Acts were not stopped." };
    await verbs.audit({
      at,
      incidentId: "-",
      stepId: "-",
      by: user,
      what: on ? "stopped" : "resumed",
      text: reason ?? "",
    });
    return {
      done: true,
      text: on
        ? "All acts are stopped: nothing can be approved, and what runs ends at its next pause. `/k8s-why go` turns them on again."
        : "Acts are on again.",
    };
  };
}
