import type { Incident } from "#domain/incident.ts";
import { FIRST_YES_MS, type Step, type StepKind, type StepState } from "#domain/plan.ts";
import type { Usual } from "#domain/incident.ts";
import type { Diagnosis } from "#domain/diagnosis.ts";
import type { Trouble } from "#domain/spike.ts";
import { count } from "./words.ts";

/** Room above the usual peak that a cap leaves. */
const CAP_MARGIN = 1.25;

/** Nodes are given back once the count is within this of its usual: a surge of real load is well, and needs them. */
const NEAR_USUAL = 1.5;

type Draft = Pick<Step, "state" | "summary" | "waitingFor">;

/** What the plan looks at. */
export type PlanFacts = Pick<Incident, "status" | "usual" | "now" | "peak" | "diagnosis" | "plan"> &
  Partial<Pick<Incident, "spike" | "workload">>;

/**
 * The ordered steps: cap, roll back, give back nodes. Steps that were approved keep their state; the others follow the facts. Where
 * no count runs away there is nothing to cap and no node to give back; for a cluster there is no step yet (docs/adr/0004).
 */
export function plan(incident: PlanFacts, capMargin = CAP_MARGIN): Step[] {
  const drafts: Record<StepKind, (facts: PlanFacts) => Draft> = {
    cap: (facts) => capDraft(facts, capMargin),
    rollback: rollbackDraft,
    drain: drainDraft,
  };
  const kinds = STEPS[incident.spike?.trouble ?? "runaway"];
  const pressed = incident.plan.filter(({ kind, state }) => isPressed(state) && !kinds.includes(kind));
  return [...pressed, ...kinds.map((kind) => step(incident, kind, drafts[kind]))];
}

const STEPS: Readonly<Record<Trouble, readonly StepKind[]>> = {
  runaway: ["cap", "rollback", "drain"],
  "above-ceiling": ["rollback"],
  "rollout-failing": ["rollback"],
  "autoscaler-ill": ["rollback"],
  cluster: [],
};

/** A cap never goes below this: the usual peak with some room. */
export function capFloor(usual: Pick<Usual, "replicas" | "peakReplicas">, margin = CAP_MARGIN): number {
  return Math.ceil(Math.max(usual.replicas, usual.peakReplicas) * margin);
}

function step(incident: PlanFacts, kind: StepKind, draft: (incident: PlanFacts) => Draft): Step {
  const known = incident.plan.find((held) => held.kind === kind);
  if (known && isLost(incident, known)) return { ...known, state: "failed", outcome: "No answer came within two hours." };
  if (known && isPressed(known.state) && !isUndone(incident, known)) return known;
  const drafted = { id: kind, kind, ...draft(incident), ...(known && waiting(known, incident.now.at)) };
  // The moment of the last act stays with the step: another approval is another act.
  return known?.at === undefined ? drafted : { ...drafted, at: known.at };
}

/** A yes that waits for another stays with the step until it is too old. */
function waiting({ firstYes }: Step, at: number): Pick<Step, "firstYes"> {
  return firstYes && at - firstYes.at <= FIRST_YES_MS ? { firstYes } : {};
}

/** The agent that should have answered is gone for good, or has another name now. */
function isLost({ now }: PlanFacts, { state, at }: Step): boolean {
  return state === "running" && at !== undefined && now.at - at > 2 * 60 * 60_000;
}

/** Somebody else took it back, say a GitOps tool or a deploy: then it may be pressed again. */
function isUndone(facts: PlanFacts, { kind, state, at }: Step): boolean {
  return state === "done" && at !== undefined && facts.now.at - at > SEEN_AFTER_MS[kind] && undone[kind](facts);
}

/** Readings lag behind an act by a moment; nodes go by and by. */
const SEEN_AFTER_MS: Record<StepKind, number> = { cap: 2 * 60_000, rollback: 2 * 60_000, drain: 20 * 60_000 };

const undone: Record<StepKind, (facts: PlanFacts) => boolean> = {
  cap: ({ status, now, usual }) => status === "open" && (now.ceiling ?? 0) > Math.max(2 * now.desired, capFloor(usual)),
  rollback: ({ status, now, diagnosis }) =>
    status === "open" && diagnosis?.goodRevision !== undefined && now.templateHash !== diagnosis.goodRevision.templateHash,
  drain: ({ status, now, usual }) => status === "recovered" && usual.nodes !== undefined && now.nodes > 1.25 * usual.nodes + 1,
};

function isPressed(state: StepState): boolean {
  return state === "running" || state === "done" || state === "failed";
}

function capDraft({ status, now, usual, diagnosis }: PlanFacts, margin: number): Draft {
  const { ceiling } = now;
  if (ceiling === undefined) return { state: "needless", summary: "It has no autoscaler: nothing raises the count by itself." };
  const floor = capFloor(usual, margin);
  const cap = Math.max(now.desired, floor);
  if (status === "recovered" || status === "settled") return { state: "needless", summary: "It is well again: nothing to hold." };
  if (ceiling <= cap)
    return {
      state: "needless",
      summary: `The ceiling of ${count(ceiling)} is no higher than what runs or usually runs: there is nothing to freeze.`,
    };
  return {
    state: "ready",
    summary: `${isTraffic(diagnosis) ? TRAFFIC : ""}Freeze the autoscaler's ceiling at what runs, ${count(cap)} now instead of ${count(ceiling)}. Usual is ${count(usual.replicas)}, the usual peak ${count(usual.peakReplicas)}.`,
  };
}

const TRAFFIC = "This looks like traffic: a ceiling would leave requests waiting if they go on rising. ";

function isTraffic(diagnosis: PlanFacts["diagnosis"]): boolean {
  return (
    diagnosis !== undefined &&
    !diagnosis.named &&
    diagnosis.noneEvidence.some((evidence) => evidence.for && evidence.kind === "traffic")
  );
}

function rollbackDraft(facts: PlanFacts): Draft {
  const { now, diagnosis } = facts;
  if (!diagnosis) return { state: "waiting", summary: "Go back to what ran before.", waitingFor: "the search for what changed" };
  const { goodRevision: good, rollbackSafety: safety } = diagnosis;
  const why = whyNoRollback(facts, diagnosis);
  if (why !== undefined || !good) return { state: "needless", summary: why ?? NO_REVISION };
  const from = now.revision === undefined ? "To" : `From revision ${now.revision} to`;
  if (safety.verdict === "fix-forward")
    return {
      state: "waiting",
      summary: `${from} revision ${good.revision}, the last that ran well: but not on the schema of now.`,
      waitingFor: "a fix forward: a rollback moves the code only, and the schema cannot follow",
    };
  return {
    state: "ready",
    summary: `${from} revision ${good.revision}, the last that ran well.${safetyText(safety)}`,
  };
}

const NO_REVISION = "No earlier revision is known: there is nothing to go back to.";

/** Why going back is not offered, or undefined. Of a rollout that fails itself nobody has to guess. */
function whyNoRollback(
  { status, now, spike, workload }: PlanFacts,
  { named, goodRevision: good }: Diagnosis,
): string | undefined {
  if (!named && spike?.trouble !== "rollout-failing") return "No change is named: going back would be a guess.";
  if (!good) return NO_REVISION;
  if (now.templateHash === good.templateHash) return `Revision ${good.revision} runs again already.`;
  if (status === "settled") return "It is as usual again.";
  if (!workload || workload.kind === "Deployment") return undefined;
  return `By hand, since it is a ${workload.kind}: ${undoCommand(workload, good.revision)}`;
}

/** StatefulSets and DaemonSets are rolled back by people so far. */
function undoCommand({ kind, namespace, name }: Incident["workload"], revision: number): string {
  return `kubectl -n ${namespace} rollout undo ${kind.toLowerCase()}/${name} --to-revision=${revision}`;
}

function safetyText(safety: NonNullable<PlanFacts["diagnosis"]>["rollbackSafety"]): string {
  if (safety.verdict === "safe") return "";
  if (safety.verdict === "unknown") return ` ${safety.reason}`;
  return ` ${count(safety.migrations.length, "migration file")} in the range: the schema may have to go back too.`;
}

function drainDraft({ status, now, usual, peak }: PlanFacts): Draft {
  if (usual.nodes === undefined) return { state: "needless", summary: "How many nodes are usual is not known." };
  const added = now.nodes - usual.nodes;
  const most = Math.max(0, peak.nodes - usual.nodes);
  if (most === 0 || (added <= 0 && status !== "open"))
    return { state: "needless", summary: most === 0 ? "No node was added." : "The added nodes are gone already." };
  const summary = `Give back ${count(Math.max(added, 0), "node")} that the spike added (usual ${count(usual.nodes)}, now ${count(now.nodes)}): cordon and evict, youngest first.`;
  if (status === "open" || status === "mitigated")
    return { state: "waiting", summary, waitingFor: "recovery: before that the autoscaler buys them back" };
  if (now.desired > usual.replicas * NEAR_USUAL)
    return { state: "waiting", summary, waitingFor: `fewer replicas: ${count(now.desired)} still need the room` };
  return { state: "ready", summary };
}
