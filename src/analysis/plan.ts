import { type ActKind, FIRST_YES_MS, type Step, type StepKind, type StepState, wasDone } from "#domain/plan.ts";
import type { Trouble } from "#domain/spike.ts";
import { isPlace } from "#domain/workload.ts";
import { withoutLost } from "./lost.ts";
import { asideDraft, asides } from "./steps/asides.ts";
import { capDraft, capFloor, lowerDraft } from "./steps/ceiling.ts";
import { drainDraft } from "./steps/drain.ts";
import { type Draft, type PlanFacts, didOf } from "./steps/facts.ts";
import { migrateDraft, rollbackDraft } from "./steps/rollback.ts";
import { verifyDraft } from "./steps/verify.ts";

type PlannedKind = "cap" | "migrate" | "rollback" | "verify" | "lower" | "drain";

const drafts: Readonly<Record<PlannedKind, (facts: PlanFacts) => Draft>> = {
  cap: capDraft,
  migrate: migrateDraft,
  rollback: rollbackDraft,
  verify: verifyDraft,
  lower: lowerDraft,
  drain: drainDraft,
};

const STEPS: Readonly<Record<Trouble, readonly PlannedKind[]>> = {
  runaway: ["cap", "migrate", "rollback", "verify", "lower", "drain"],
  "above-ceiling": ["migrate", "rollback", "verify"],
  "rollout-failing": ["migrate", "rollback", "verify"],
  "autoscaler-ill": ["migrate", "rollback", "verify"],
  cluster: [],
};

/**
 * The ordered steps, each with the gate that opens it, and beside them what takes a step back and what else may be wanted. Steps that
 * were approved keep their state; the others follow the facts. Where no count runs away there is nothing to cap and no node to give back;
 * for a cluster there is no step yet (docs/adr/0004).
 */
export function plan(incident: Omit<PlanFacts, "capMargin">, capMargin: number): Step[] {
  const facts = { ...incident, capMargin };
  const kinds = STEPS[incident.spike?.trouble ?? "runaway"].filter((kind) => kind !== "migrate" || isMigration(facts));
  // A gate looks at the steps before it as they are now, not as they were at the last look.
  const ordered = kinds.reduce<Step[]>(
    (made, kind) => [...made, step(facts, { id: kind, kind }, drafts[kind]({ ...facts, plan: [...made, ...facts.plan] }))],
    [],
  );
  const known = new Set<string>(kinds);
  const pressed = incident.plan.filter(({ id, aside, state }) => aside === undefined && isPressed(state) && !known.has(id));
  const now = { ...facts, plan: [...ordered, ...incident.plan.filter(({ aside }) => aside !== undefined)] };
  return [...pressed.filter(({ kind }) => kind !== "verify"), ...ordered, ...asidesOf(now)];
}

/** A step about a schema is shown only where there is one. */
function isMigration(facts: PlanFacts): boolean {
  return migrateDraft(facts).state !== "needless" || facts.plan.some(({ id, state }) => id === "migrate" && isPressed(state));
}

function asidesOf(facts: PlanFacts): Step[] {
  const { workload, spike } = facts;
  if (spike?.trouble === "cluster" || (workload && isPlace(workload))) return [];
  return asides.flatMap((aside) => {
    const { id, kind } = aside;
    const held = facts.plan.find((one) => one.id === id);
    const draft = asideDraft(aside, facts);
    // What was done stays, also where it makes no sense now: it is told and judged, and undo is made from it.
    if (!draft && !(held && (isPressed(held.state) || held.did))) return [];
    return [{ ...step(facts, { id, kind }, draft ?? { state: "needless", summary: held?.summary ?? "" }), aside: aside.aside }];
  });
}

function step(facts: PlanFacts, { id, kind }: Pick<Step, "id" | "kind">, draft: Draft): Step {
  const held = facts.plan.find((one) => one.id === id);
  const known = held && withoutLost(held, facts.now.at);
  if (kind === "verify") return { id, kind, ...draft };
  if (known?.state === "failed") return again(known, withRights(facts, kind, draft));
  if (known && isPressed(known.state) && !isUndone(facts, known)) return known;
  // The moment of the last act stays with the step: another approval is another act. So does what it did: undo is made from it, and its rollout is followed.
  return { id, kind, ...withRights(facts, kind, draft), ...(known && waiting(known, facts.now.at)), ...kept(known) };
}

/** What failed may be pressed again while its gate is open, and says what it would do now. */
function again(known: Step, now: Draft): Step {
  const { waitingFor: _before, ...step } = known;
  return now.state === "ready" ? { ...step, summary: now.summary } : { ...step, waitingFor: now.waitingFor ?? now.summary };
}

/** No button is shown for what the agent may not do. */
function withRights({ rights }: PlanFacts, kind: ActKind, draft: Draft): Draft {
  if (draft.state !== "ready" || rights === undefined) return draft;
  const missing = rights === "unknown" ? "the agent's word that it may do this" : rights.missing[kind];
  return missing === undefined ? draft : { ...draft, state: "waiting", waitingFor: missing };
}

function kept(known: Step | undefined): Partial<Step> {
  const { at, did, forecast, seen } = known ?? {};
  const left = { ...(at !== undefined && { at }), ...(did && { did }), ...(forecast && { forecast }), ...(seen && { seen }) };
  return { ...left, ...(known?.aside !== undefined && wasDone(known) && resultOf(known)) };
}

/** Beside the plan a step may be pressed again soon after: what it came to stays all the same. */
function resultOf({ by, second, breakGlass, outcome, helped }: Step): Partial<Step> {
  return {
    ...(by !== undefined && { by }),
    ...(second !== undefined && { second }),
    ...(breakGlass !== undefined && { breakGlass }),
    ...(outcome !== undefined && { outcome }),
    ...(helped && { helped }),
  };
}

/** A yes that waits for another stays with the step until it is too old. */
function waiting({ firstYes }: Step, at: number): Pick<Step, "firstYes"> {
  return firstYes && at - firstYes.at <= FIRST_YES_MS ? { firstYes } : {};
}

/** Somebody else took it back, say a GitOps tool or a deploy: then it may be pressed again. */
function isUndone(facts: PlanFacts, held: Step): boolean {
  const { kind, state, at } = held;
  if (state !== "done" || at === undefined) return false;
  return facts.now.at - at > (kind === "drain" ? NODES_SEEN_MS : SEEN_MS) && undone[kind](facts);
}

/** Readings lag behind an act by a moment; nodes go by and by. */
const SEEN_MS = 2 * 60_000;
const NODES_SEEN_MS = 20 * 60_000;

const always = () => true;
const never = () => false;

/** Beside the plan, whatever makes sense may be done once more. */
const undone: Record<StepKind, (facts: PlanFacts) => boolean> = {
  cap: ({ status, now, usual, capMargin }) =>
    status === "open" && (now.ceiling ?? 0) > Math.max(2 * now.desired, capFloor(usual, capMargin)),
  migrate: runsAgain,
  rollback: (facts) => {
    const { status, now, diagnosis } = facts;
    if (now.templateHash !== undefined && now.templateHash === didOf(facts, "rollback", "rollback")?.fromTemplateHash)
      return true;
    return status === "open" && diagnosis?.goodRevision !== undefined && now.templateHash !== diagnosis.goodRevision.templateHash;
  },
  verify: never,
  lower: (facts) => (facts.now.ceiling ?? 0) > (didOf(facts, "lower", "lower")?.toMax ?? Infinity),
  drain: ({ status, now, usual }) => status === "recovered" && usual.nodes !== undefined && now.nodes > 1.25 * usual.nodes + 1,
  restore: always,
  scale: always,
  pause: always,
  resume: always,
  restart: always,
  cordon: always,
  uncordon: always,
};

/** After the rollback the new code runs again, and its deploy has migrated up again: what was taken back is there once more. */
function runsAgain({ plan: steps, now }: PlanFacts): boolean {
  const migrated = steps.find(({ id }) => id === "migrate")?.at ?? Infinity;
  return steps.some(
    ({ did, at = 0 }) =>
      did?.kind === "rollback" && at > migrated && now.at - at > SEEN_MS && now.templateHash === did.fromTemplateHash,
  );
}

function isPressed(state: StepState): boolean {
  return state === "running" || state === "done" || state === "failed";
}
