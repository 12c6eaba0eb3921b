import type {
  ClaimPort,
  IncidentPort,
  ExpectationPort,
  IntentPort,
  LedgerPort,
  ClusterPort,
  VerdictPort,
} from "#domain/ports/store.ts";
import type { Decision, PressPort } from "#domain/ports/slack.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Approval, Step } from "#domain/plan.ts";
import { createExpect } from "./expect.ts";
import { createJudge } from "./judge.ts";
import { createExplain } from "./explain.ts";
import { orderOf, type OrderSettings } from "./order.ts";
import type { Enqueue } from "./jobs.ts";

type Verbs = Pick<IncidentPort, "findIncident" | "findOpenIncident" | "openIncidents" | "updateIncident"> &
  Pick<ClaimPort, "claim" | "claimOwner" | "release" | "audit"> &
  IntentPort &
  Pick<ClusterPort, "workloads"> &
  ExpectationPort &
  VerdictPort &
  Pick<LedgerPort, "changesBetween"> & {
    readonly enqueue: Enqueue;
    /** The usual count of a workload, where it is known. */
    readonly usualOf: (key: string) => Promise<number | undefined>;
  };

export interface PressOptions {
  readonly verbs: Verbs;
  readonly cluster: string;
  readonly approvers: readonly string[];
  readonly settings: OrderSettings;
  readonly now: () => Instant;
}

/** Between two presses at the same moment; after it the step's own state says that it is under way. Wall milliseconds. */
const claimMs = 60_000;

/** What people may ask of the workflow: look, decide, list, explain. */
export function createPress(options: PressOptions): PressPort {
  const { verbs } = options;
  return {
    mayPress: (user) => options.approvers.includes(user),
    openIncidents: () => verbs.openIncidents(),
    explain: createExplain(options),
    expect: createExpect(options),
    judge: createJudge(options),
    requestPreview: async ({ incidentId, stepId, viewId }) => {
      const found = await findStep(verbs, incidentId, stepId);
      const refused = found.kind === "no" ? found.text : undefined;
      if (found.kind === "no")
        return verbs.enqueue(
          "show-preview",
          { incidentId, stepId, viewId, result: { kind: "refused", text: refused ?? "" } },
          { id: `show/${viewId}` },
        );
      const order = orderOf(found.incident, found.step, options.settings);
      await verbs.enqueue("preview", { order, viewId }, { id: `preview/${viewId}`, cluster: found.incident.workload.cluster });
    },
    decide: (request) => decide(options, request),
  };
}

interface FoundStep {
  readonly kind: "step";
  readonly incident: Incident;
  readonly step: Step;
}

type Found = FoundStep | { readonly kind: "no"; readonly text: string; readonly done: boolean };

async function findStep(verbs: Verbs, incidentId: string, stepId: string): Promise<Found> {
  const incident = await verbs.findIncident(incidentId);
  const step = incident?.plan.find((candidate) => candidate.id === stepId);
  if (!incident || !step) return { kind: "no", text: "This incident or this step is gone.", done: false };
  if (incident.status === "settled")
    return { kind: "no", text: "This incident is closed: everything is back at its usual.", done: true };
  return step.state === "ready" || step.state === "failed" ? { kind: "step", incident, step } : noOf(step);
}

/** Why a step cannot be pressed now. */
function noOf(step: Step): Found {
  const texts = {
    ready: "",
    failed: "",
    running: "Somebody has approved this step already; it is under way.",
    done: `This step is done already. ${step.outcome ?? ""}`.trim(),
    needless: `This step is not needed. ${step.summary}`,
    waiting: `Not yet: it waits for ${step.waitingFor ?? "an earlier step"}.`,
  } satisfies Record<Step["state"], string>;
  return { kind: "no", text: texts[step.state], done: step.state !== "waiting" };
}

async function decide(
  options: PressOptions,
  request: { incidentId: string; stepId: string; user: string; intentHash: string },
): Promise<Decision> {
  const { verbs } = options;
  const { incidentId, stepId, user, intentHash } = request;
  const at = options.now();
  const refuse = async (text: string): Promise<Decision> => {
    await verbs.audit({ at, incidentId, stepId, by: user, what: "refused", text });
    return { kind: "refused", text };
  };
  if (!options.approvers.includes(user)) return refuse("Only people whom the configuration names may approve a step.");
  const found = await findStep(verbs, incidentId, stepId);
  if (found.kind === "no") return found.done ? { kind: "already-done", text: found.text } : refuse(found.text);
  const intent = await verbs.findIntent(intentHash);
  if (!intent || intent.kind !== found.step.kind)
    return refuse("What was shown is too old. Press the button again to see how it stands now.");
  const approval = { incidentId, stepId, by: user, at, intent };
  const claim = `step/${incidentId}/${stepId}`;
  if (!(await verbs.claim(claim, user, claimMs)) && (await verbs.claimOwner(claim)) !== user)
    return { kind: "already-done", text: "Somebody has approved this step already; it is under way." };
  try {
    await handOver(options, found, approval, intentHash);
  } catch (error) {
    await verbs.release(claim, user);
    throw error;
  }
  await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
  return { kind: "accepted", text: "Approved. The thread says how it went." };
}

async function handOver(
  { verbs, settings }: PressOptions,
  { incident, step }: FoundStep,
  approval: Approval,
  intentHash: string,
): Promise<void> {
  const { incidentId, stepId, by, at } = approval;
  await verbs.audit({ at, incidentId, stepId, by, what: "approved", text: intentHash });
  // The intent's digest and the last act's moment make the id: a second submission of the same yes is the same job.
  const id = `act/${incidentId}/${stepId}/${intentHash.slice(0, 16)}/${step.at ?? 0}`;
  await verbs.enqueue("act", { approval, order: orderOf(incident, step, settings) }, { id, cluster: incident.workload.cluster });
  await verbs.updateIncident(incidentId, (current) => {
    const held = current.plan.find((candidate) => candidate.id === stepId);
    // A quick agent may have answered already.
    if (!held || held.at !== step.at || (held.state !== "ready" && held.state !== "failed")) return undefined;
    return { ...current, plan: current.plan.map((other) => (other === held ? { ...held, state: "running", by, at } : other)) };
  });
}
