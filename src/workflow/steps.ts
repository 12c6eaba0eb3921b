import type { Instant } from "#domain/workload.ts";
import type { IntentPort, AuditPort, ClaimPort, IncidentPort } from "#domain/ports/store.ts";
import type { AuditEntry, Called } from "#domain/audit.ts";
import type { StepPort } from "#domain/ports/cluster.ts";
import type { ActResult, Approval } from "#domain/order.ts";
import type { Step, StepState } from "#domain/plan.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { digestOf } from "#lib/digest.ts";
import type { WhyPersonMayNot } from "#domain/ports/gate.ts";
import type { Identities, Identity } from "#domain/identity.ts";
import type { Person } from "#domain/policy.ts";
import { identityOf } from "#analysis/identity.ts";
import { type GateOptions, whyNotCarryOut } from "./gate.ts";
import type { Enqueue, JobData } from "./jobs.ts";
import { createHandOn } from "./hand-on.ts";
import { workloadClaim } from "./workload-claim.ts";

/** Shown and not approved within this time, an intent is forgotten. Wall milliseconds. */
const intentMs = 10 * 60_000;

/** In the cluster's agent: looks at what a step would do, and hands it to the mouth. */
export function createPreview(
  verbs: Pick<StepPort, "preview"> &
    Pick<IntentPort, "saveIntent"> & { readonly enqueue: Enqueue; readonly whyPersonMayNot: WhyPersonMayNot },
  identities: Identities,
): (data: JobData<"preview">) => Promise<void> {
  return async ({ order, viewId, requestId, viewer }) => {
    const identity = viewer && identityOf(identities, { id: viewer.user, email: viewer.email });
    const no = identity && (await verbs.whyPersonMayNot(identity, order.kind, order.workload).catch(cannotAsk));
    const result = no === undefined ? await verbs.preview(order).catch(failed) : ({ kind: "refused", text: no } as const);
    if (result.kind === "preview") await verbs.saveIntent(digestOf(result.preview.intent), result.preview.intent, intentMs);
    await verbs.enqueue(
      "show-preview",
      { incidentId: order.incidentId, stepId: order.stepId, viewId, requestId, result, ...(viewer && { viewer }) },
      { id: `show/${requestId}` },
    );
  };
}

/** In the cluster's agent: carries out an approved step that its own checks let through. Runs again after a crash; the hands find what is done already. */
export function createRemediate(
  options: GateOptions & { readonly verbs: Pick<StepPort, "act"> & { readonly enqueue: Enqueue } },
): (data: JobData<"act">) => Promise<void> {
  const { verbs } = options;
  const handOn = createHandOn<{ readonly begun: boolean; readonly result: ActResult & Called }>();
  return async ({ signed }) => {
    const { approval, order, approvers, nonce } = signed.document;
    await handOn(digestOf(signed), {
      make: async () => {
        const no = await whyNotCarryOut(options, signed).catch((error: unknown) => ({ result: failed(error), begun: false }));
        if (no) return no;
        return { begun: true, result: await verbs.act(approval, order, inWhoseName(options, approvers)).catch(failed) };
      },
      give: async ({ begun, result }) => {
        const id = `acted/${approval.incidentId}/${approval.stepId}/${approval.at}`;
        await verbs.enqueue("acted", { approval, result }, { id });
        if (begun) await verbs.endStep(nonce);
      },
    });
  };
}

/** The last who said yes, where people are known and their names are wanted. */
function inWhoseName({ identities }: GateOptions, approvers: readonly Person[]): Identity | undefined {
  const last = approvers.at(-1);
  return identities.impersonate && last ? identityOf(identities, last) : undefined;
}

function cannotAsk(error: unknown): string {
  if (error instanceof TemporaryError) throw error;
  return `Nobody can tell what Kubernetes allows you: ${messageOf(error)}`;
}

/** Who is away is asked again; any other surprise is told, and the step may be pressed again. */
function failed(error: unknown): { readonly kind: "refused"; readonly text: string } {
  if (error instanceof TemporaryError) throw error;
  return { kind: "refused", text: `It failed: ${messageOf(error)}` };
}

/** Writes down what an act came to, and lets a step that failed be pressed again. */
export function createRecordAct(
  verbs: Pick<IncidentPort, "findIncident" | "updateIncident"> &
    Pick<ClaimPort, "release"> &
    Pick<AuditPort, "audit"> & { readonly enqueue: Enqueue },
  now: () => Instant,
): (data: JobData<"acted">) => Promise<void> {
  return async ({ approval, result }) => {
    // The approval's moment and not the clock's: a repeat after a crash is the same entry.
    const { incidentId, stepId, by, at } = approval;
    const done = isDone(result);
    const state: StepState = done ? "done" : "failed";
    const written = await verbs.updateIncident(incidentId, (incident) => {
      const step = incident.plan.find((candidate) => candidate.id === stepId);
      if (!step || step.state === "done" || isOld(step, at)) return undefined;
      const acted = { ...step, state, by, at, outcome: result.text, ...(leftTraces(result) && didBy(approval, result)) };
      return { ...incident, plan: incident.plan.map((held) => (held.id === stepId ? acted : held)) };
    });
    const on = (written ?? (await verbs.findIncident(incidentId)))?.key;
    await verbs.audit(recordOf(approval, result, on, now()));
    if (on !== undefined) {
      const { name, owner } = workloadClaim(on, stepId, approval);
      await verbs.release(name, owner);
    }
    await verbs.enqueue("tick", { incidentId }, { id: `tick/${incidentId}/acted/${stepId}/${approval.at}` });
    await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
  };
}

/**
 * Is it the answer to an earlier act? A yes whose job Redis took and whose press then failed is given once more, later, and finds that job: its answer has the
 * moment of the first, and is the one that the step waits for.
 */
function isOld({ state, at = 0, before = 0 }: Step, answered: Instant): boolean {
  return answered < at && !(state === "running" && answered > before);
}

/** What was done, and what was foretold of it. */
function didBy({ intent }: Approval, result: ActResult): Pick<Step, "did" | "forecast" | "quotaMost" | "seen"> {
  const { forecast, quotaMost } = result.kind === "done" ? result : {};
  return { did: intent, forecast, quotaMost, seen: undefined };
}

function isDone({ kind }: ActResult): boolean {
  return kind === "done" || kind === "already-done";
}

/** Undo is made from what was done, also where it stopped half way. */
function leftTraces(result: ActResult): boolean {
  return isDone(result) || ("partly" in result && result.partly === true);
}

function recordOf(
  { incidentId, stepId, by, second, at: approvedAt }: Approval,
  result: ActResult & Called,
  on: string | undefined,
  at: Instant,
): AuditEntry {
  const { calls, callsInAll, text } = result;
  return {
    key: `acted/${incidentId}/${stepId}/${approvedAt}`,
    at,
    what: isDone(result) ? "done" : "failed",
    by: second === undefined ? by : `${by}, ${second}`,
    incidentId,
    stepId,
    ...(on !== undefined && { on }),
    text,
    ...(calls && { calls }),
    ...(callsInAll !== undefined && { callsInAll }),
  };
}
