import type {
  AuditPort,
  ClaimPort,
  IncidentPort,
  ExpectationPort,
  IntentPort,
  LedgerPort,
  ClusterPort,
  StopPort,
  VerdictPort,
} from "#domain/ports/store.ts";
import type { JudgeRequest, PeoplePort, PressPort, PreviewRequest, Viewer } from "#domain/ports/slack.ts";
import type { Instant } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";
import type { Policy } from "#domain/policy.ts";
import { createExpect } from "./expect.ts";
import { createJudge } from "./judge.ts";
import { createExplain } from "./explain.ts";
import { createFollows } from "./follow.ts";
import { createSilences } from "./silence.ts";
import { createStop } from "./stop.ts";
import type { FollowerPort, SilencePort } from "#domain/ports/quiet.ts";
import { decide } from "./decide.ts";
import { type FoundStep, findStep } from "./find-step.ts";
import { grantsOf, isProtected, mayAnything } from "#analysis/policy.ts";
import { mayBreakGlass, permit, signedYes } from "./permission.ts";
import { messageOf } from "#lib/errors.ts";
import { recordRefusal } from "./record-refusal.ts";
import { choiceOf, orderOf, type OrderSettings } from "./order.ts";
import type { Enqueue } from "./jobs.ts";

type Verbs = Pick<IncidentPort, "findIncident" | "findOpenIncident" | "openIncidents" | "updateIncident"> &
  Pick<ClaimPort, "claim" | "claimOwner" | "release"> &
  Pick<AuditPort, "audit" | "auditNewest"> &
  IntentPort &
  Pick<ClusterPort, "workloads"> &
  ExpectationPort &
  StopPort &
  SilencePort &
  Pick<FollowerPort, "findFollower" | "saveFollower"> &
  VerdictPort &
  Pick<LedgerPort, "changesBetween"> & {
    readonly enqueue: Enqueue;
    /** The usual count of a workload, where it is known. */
    readonly usualOf: (key: string) => Promise<number | undefined>;
  };

export interface PressOptions {
  readonly verbs: Verbs;
  readonly cluster: string;
  readonly policy: Policy;
  readonly people: PeoplePort;
  readonly settings: OrderSettings;
  /** Ed25519 of a step's document or of a first yes, base64; and whether it is ours. */
  readonly sign: (value: object) => string;
  readonly isSigned: (value: object, signature: string) => boolean;
  /** Another one each time. */
  readonly nonce: () => string;
  readonly now: () => Instant;
  readonly log: Log;
}

/** Records told at once, and how many are looked through for those of one workload. */
const told = 20;
const searched = 2_000;

/** What people may ask of the workflow: look, decide, list, explain. */
export function createPress(options: PressOptions): PressPort {
  const { verbs, policy, people } = options;
  return {
    mayPress: async (request) => {
      const viewer = await mayPress(options, request);
      if (!viewer.allowed && !viewer.breakGlass) await recordRefusal(options, { ...request, text: viewer.text });
      return viewer;
    },
    mayJudge: (request) => mayJudge(options, request),
    whoami: async (user) => grantsOf(policy, await people.person(user)),
    stop: createStop(options),
    findStop: () => verbs.findStop(),
    auditOf: async (workload) => {
      const records = await verbs.auditNewest(workload === undefined ? told : searched);
      return records.filter(({ on = "" }) => workload === undefined || isOf(on, workload)).slice(0, told);
    },
    openIncidents: () => verbs.openIncidents(),
    explain: createExplain(options),
    expect: createExpect(options),
    judge: createJudge(options),
    ...createSilences(options),
    ...createFollows(options),
    requestPreview: (request) => requestPreview(options, request),
    decide: (request) => decide(options, request),
  };
}

/** A whole key is that workload; anything shorter is a part of one. */
function isOf(on: string, workload: string): boolean {
  return workload.split("/").length > 2 ? on === workload : on.includes(workload);
}

async function requestPreview(options: PressOptions, request: PreviewRequest): Promise<void> {
  const { verbs, settings } = options;
  const { incidentId, stepId, viewId, requestId = viewId, viewer } = request;
  const found = await findStep(verbs, incidentId, stepId);
  if (found.kind === "no") {
    const result = { kind: "refused", text: found.text } as const;
    const shown = { incidentId, stepId, viewId, requestId, result, viewer };
    return verbs.enqueue("show-preview", shown, { id: `show/${requestId}` });
  }
  const first = signedYes(options, found.incident.id, found.step);
  // The second looks at what the first said yes to, not at what is suggested.
  const choice = request.choice ?? (first && choiceOf(first.intent));
  const order = orderOf(found.incident, found.step, settings, choice);
  await verbs.enqueue(
    "preview",
    { order, viewId, requestId, viewer },
    { id: `preview/${requestId}`, cluster: found.incident.workload.cluster },
  );
}

const cannotTell =
  "Slack does not say who you are right now, so nobody can tell whether you may do this. Nothing was changed. Try again in a moment.";

/** A step that cannot be pressed anyway is shown with its reason to anybody who may do anything. */
async function mayPress(options: PressOptions, request: { incidentId: string; stepId: string; user: string }): Promise<Viewer> {
  const { verbs, policy, people, log } = options;
  const { user } = request;
  try {
    const person = await people.person(user);
    const breakGlass = mayBreakGlass(policy, person);
    const found = await findStep(verbs, request.incidentId, request.stepId);
    if (found.kind === "no") {
      const allowed = mayAnything(policy, person);
      return { user, allowed, text: allowed ? "" : (grantsOf(policy, person)[0] ?? ""), breakGlass: false };
    }
    return {
      ...(await permission(options, user, found)),
      ...firstOf(options, found),
      breakGlass: breakGlass && isOpen(options, found),
      ...(person.email !== undefined && { email: person.email }),
    };
  } catch (error) {
    log.warn({ user, reason: messageOf(error) }, "Somebody cannot be told, and may do nothing");
    return { user, allowed: false, text: cannotTell, breakGlass: false };
  }
}

/** Who is told no has pressed all the same. */
async function mayJudge(options: PressOptions, { incidentId, suspectId, user }: JudgeRequest): Promise<boolean> {
  const { policy, people, log } = options;
  const no = { incidentId, stepId: `verdict/${suspectId}`, user };
  try {
    const may = mayAnything(policy, await people.person(user));
    if (!may) await recordRefusal(options, { ...no, text: "No rule allows them anything." });
    return may;
  } catch (error) {
    log.warn({ user, reason: messageOf(error) }, "Somebody cannot be told, and may do nothing");
    await recordRefusal(options, { ...no, text: cannotTell });
    return false;
  }
}

async function permission(
  options: PressOptions,
  user: string,
  { incident, step }: FoundStep,
): Promise<Omit<Viewer, "breakGlass">> {
  const judged = await permit(options, user, incident, step);
  const approvals = judged.kind === "allowed" ? { approvals: judged.approvals } : {};
  return { user, allowed: judged.kind === "allowed", text: judged.why, ...approvals };
}

function firstOf(options: PressOptions, { incident, step }: FoundStep): Pick<Viewer, "firstYes"> {
  const first = signedYes(options, incident.id, step);
  return first ? { firstYes: first.by } : {};
}

function isOpen({ policy }: PressOptions, { incident }: FoundStep): boolean {
  return !isProtected(policy, incident.workload.namespace);
}
