import type { Approval } from "#domain/order.ts";
import type { Intent } from "#domain/intent.ts";
import type { Step } from "#domain/plan.ts";
import { FIRST_YES_MS } from "#domain/plan.ts";
import type { Decision, DecideRequest } from "#domain/ports/slack.ts";
import type { Incident } from "#domain/incident.ts";
import { APPROVAL_MS, type SignedStep } from "#domain/signed-step.ts";
import { ANSWER_MS } from "#analysis/lost.ts";
import { isProtected } from "#analysis/policy.ts";
import { isSameIntent } from "#analysis/same-intent.ts";
import { digestOf } from "#lib/digest.ts";
import { type FoundStep, findStep } from "./find-step.ts";
import { workloadClaim } from "./workload-claim.ts";
import { messageOf } from "#lib/errors.ts";
import { recordRefusal } from "./record-refusal.ts";
import { mayBreakGlass, permit, saidBy, signedYes, whyNotSecond } from "./permission.ts";
import { orderOf } from "./order.ts";
import type { PressOptions } from "./press.ts";

/** Between two presses at the same moment; after it the step's own state says that it is under way. Wall milliseconds. */
const claimMs = 60_000;
/** A reason that says something. Characters. */
const reasonFrom = 10;

/** What a submitted modal leads to: an act, the first of two yeses, or a no with a sentence. Every answer is in the audit stream. */
export async function decide(options: PressOptions, request: DecideRequest): Promise<Decision> {
  const decision = await answer(options, request).catch(async (error: unknown) => {
    await recordRefusal(options, { ...request, text: `It could not be decided: ${messageOf(error)}` });
    throw error;
  });
  if (decision.kind !== "accepted") await recordRefusal(options, { ...request, text: decision.text });
  return decision;
}

async function answer(options: PressOptions, request: DecideRequest): Promise<Decision> {
  const { verbs, now } = options;
  const { incidentId, stepId, user } = request;
  if (await verbs.findStop()) return refused("All acts are stopped. Somebody who may act has to say `/k8s-why go` first.");
  const found = await findStep(verbs, incidentId, stepId);
  if (found.kind === "no") return found.done ? { kind: "already-done", text: found.text } : refused(found.text);
  const intent = await verbs.findIntent(request.intentHash);
  // Who can write Redis could have put another one there.
  if (!intent || digestOf(intent) !== request.intentHash || intent.kind !== found.step.kind)
    return refused("What was shown is too old. Press the button again to see how it stands now.");
  const may = await asked(options, request, found, intent);
  if (may.kind === "no") return refused(may.text);
  const approval: Approval = { incidentId, stepId, by: user, at: now(), intent };
  if (may.kind === "two") return oneOfTwo(options, found, approval, request.intentHash);
  return carryOut(options, found, { ...approval, ...may.glass }, request.intentHash);
}

async function oneOfTwo(options: PressOptions, found: FoundStep, yes: Approval, intentHash: string): Promise<Decision> {
  const first = signedYes(options, found.incident.id, found.step);
  if (!first || !isSameIntent(first.intent, yes.intent)) return sayFirst(options, found, yes, first !== undefined);
  const no = await whyNotSecond(options.people, found.incident, first, yes.by);
  return no === undefined ? carryOut(options, found, { ...yes, by: first.by, second: yes.by }, intentHash) : refused(no);
}

function refused(text: string): Decision {
  return { kind: "refused", text };
}

type May =
  | { readonly kind: "no"; readonly text: string }
  | { readonly kind: "alone"; readonly glass?: { readonly breakGlass: string } }
  | { readonly kind: "two" };

/** What the policy says of this person and this step; a reason goes past it for those who may break the glass. */
async function asked(options: PressOptions, { user, breakGlass }: DecideRequest, found: FoundStep, intent: Intent): Promise<May> {
  const judged = await permit(options, user, found.incident, found.step, intent);
  const reason = breakGlass?.trim();
  if (reason === undefined || reason === "") {
    if (judged.kind === "denied") return { kind: "no", text: judged.why };
    return judged.approvals === 2 ? { kind: "two" } : { kind: "alone" };
  }
  if (isProtected(options.policy, found.incident.workload.namespace))
    return { kind: "no", text: "The namespace is protected: no reason opens it." };
  if (!mayBreakGlass(options.policy, await options.people.person(user)))
    return { kind: "no", text: "You are not among those who may break the glass." };
  if (reason.length < reasonFrom) return { kind: "no", text: "Breaking the glass takes a reason that others can understand." };
  return { kind: "alone", glass: { breakGlass: reason.slice(0, 500) } };
}

/** The first of two: it is kept with the step, told to all, and waits. */
async function sayFirst(
  options: PressOptions,
  { incident, step }: FoundStep,
  { by, at, intent }: Approval,
  moved: boolean,
): Promise<Decision> {
  const { verbs, sign } = options;
  const { id } = incident;
  const firstYes = { by, at, intent, signature: sign(saidBy(id, step.id, { by, at, intent })) };
  await verbs.audit({ at, incidentId: id, stepId: step.id, by, on: incident.key, what: "approved", text: "the first of two" });
  let taken = false;
  await verbs.updateIncident(id, (current) => {
    const held = current.plan.find((candidate) => candidate.id === step.id);
    const waiting = held && signedYes(options, id, held);
    // Somebody else was quicker: theirs is the first.
    taken = held !== undefined && (waiting === undefined || !isSameIntent(waiting.intent, intent));
    return held && taken ? withStep(current, { ...held, firstYes }) : undefined;
  });
  if (!taken) return { kind: "refused", text: "Somebody else has just said yes as the first. Press again to be the second." };
  await verbs.enqueue("announce", { incidentId: id }, { id: `announce/${id}`, coalesce: true });
  const minutes = FIRST_YES_MS / 60_000;
  const before = moved ? "What it would change has moved since the first yes, so that one is void. " : "";
  return {
    kind: "accepted",
    text: `${before}Yours is the first of two yeses. Nothing has been changed yet: another person has to press within ${minutes} minutes.`,
  };
}

async function carryOut(options: PressOptions, found: FoundStep, approval: Approval, intentHash: string): Promise<Decision> {
  const { verbs } = options;
  const { incidentId, stepId } = approval;
  const { name, owner } = workloadClaim(found.incident.key, stepId, approval);
  if (!(await verbs.claim(name, owner, claimMs)) && (await verbs.claimOwner(name)) !== owner)
    return {
      kind: "already-done",
      text: "Somebody has approved this step, or another one of this workload, already; it is under way.",
    };
  try {
    await handOver(options, found, approval, intentHash);
  } catch (error) {
    await verbs.release(name, owner);
    throw error;
  }
  await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
  return { kind: "accepted", text: "Approved. The thread says how it went." };
}

async function handOver(
  options: PressOptions,
  { incident, step }: FoundStep,
  approval: Approval,
  intentHash: string,
): Promise<void> {
  const { verbs } = options;
  const { incidentId, stepId, by, second, breakGlass, at } = approval;
  const signed = await signStep(options, incident, step, approval);
  const what = breakGlass === undefined ? ("approved" as const) : ("broke-glass" as const);
  const entry = { at, incidentId, stepId, on: incident.key, what };
  const glass = breakGlass === undefined ? "" : ` against the rules: ${breakGlass}`;
  await verbs.audit({
    ...entry,
    by: second ?? by,
    text: `${intentHash}${second === undefined ? "" : ", the second of two"}${glass}`,
  });
  // The intent's digest and the last act's moment make the id: a second submission of the same yes is the same job.
  const id = `act/${incidentId}/${stepId}/${intentHash.slice(0, 16)}/${step.at ?? 0}`;
  // A settled incident is looked at no more: once more, then, when an answer would have come.
  if (incident.status === "settled")
    await verbs.enqueue("tick", { incidentId }, { id: `tick/${incidentId}/answer/${stepId}/${at}`, delayMs: ANSWER_MS + 60_000 });
  await verbs.enqueue("act", { signed }, { id, cluster: incident.workload.cluster });
  await verbs.updateIncident(incidentId, (current) => {
    const held = current.plan.find((candidate) => candidate.id === stepId);
    // A quick agent may have answered already.
    if (!held || held.at !== step.at || (held.state !== "ready" && held.state !== "failed")) return undefined;
    return withStep(current, {
      ...running(held),
      by,
      at,
      ...(second !== undefined && { second }),
      ...(breakGlass !== undefined && { breakGlass }),
    });
  });
}

/** What the agent is told, and the signature by which it knows that it was us. */
async function signStep(
  { people, settings, sign, nonce }: PressOptions,
  incident: Incident,
  step: Step,
  approval: Approval,
): Promise<SignedStep> {
  const ids = [approval.by, ...(approval.second === undefined ? [] : [approval.second])];
  const document = {
    cluster: incident.workload.cluster,
    approval,
    order: orderOf(incident, step, settings),
    approvers: await Promise.all(ids.map((id) => people.person(id))),
    expiresAt: approval.at + APPROVAL_MS,
    nonce: nonce(),
  };
  return { document, signature: sign(document) };
}

/** A yes is used once. */
function running({ firstYes: _used, second: _second, breakGlass: _reason, before: _before, ...step }: Step): Step {
  return { ...step, state: "running", ...(step.at !== undefined && { before: step.at }) };
}

function withStep(incident: Incident, step: Step): Incident {
  return { ...incident, plan: incident.plan.map((held) => (held.id === step.id ? step : held)) };
}
