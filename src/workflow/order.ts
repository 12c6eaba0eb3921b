import type { Incident } from "#domain/incident.ts";
import type { Intent, NodeRef } from "#domain/intent.ts";
import type { Step } from "#domain/plan.ts";
import type { StepOrder } from "#domain/order.ts";
import { isPlace } from "#domain/workload.ts";
import { capFloor, saneCeiling } from "#analysis/steps/ceiling.ts";
import { checksOf, isWork } from "#analysis/checks.ts";
import { climbBegan } from "#analysis/climb.ts";
import { toTakeBack } from "#analysis/take-back.ts";

export interface OrderSettings {
  /** Cap: never below the usual peak times this. */
  readonly capMargin: number;
}

/**
 * What a cluster's agent is asked to do for a step; `choice`: what the person picked in the modal. Throws for an incident of a whole
 * cluster or namespace: its plan has no step; and for a step that nobody presses.
 */
export function orderOf(incident: Incident, step: Step, settings: OrderSettings, choice?: string): StepOrder {
  const { workload } = incident;
  const { kind } = step;
  if (isPlace(workload) || kind === "verify")
    throw new Error(`Cannot order step "${step.id}" of incident "${incident.id}": there is nothing to do`);
  const order = { incidentId: incident.id, stepId: step.id, kind, workload, isBusy: isBusy(incident) };
  return { ...order, ...(choice !== undefined && { choice }), ...details[kind](incident, step, settings) };
}

type Details = Partial<Omit<StepOrder, "incidentId" | "stepId" | "kind" | "workload">>;

const none = (): Details => ({});

const spikeNodes = (incident: Incident): Details => ({ bornSince: climbBegan(incident), keepNodes: incident.usual.nodes });

const details: Readonly<Record<StepOrder["kind"], (incident: Incident, step: Step, settings: OrderSettings) => Details>> = {
  cap: ({ usual }, _step, { capMargin }) => ({ capFloor: capFloor(usual, capMargin) }),
  lower: ({ usual }) => ({ capFloor: saneCeiling(usual) }),
  restore: none,
  migrate: whatToTakeBack,
  rollback: whereTo,
  scale: ({ usual, plan }, { aside }) => ({ replicas: aside === "undo" ? scaledFrom(plan) : usual.replicas }),
  pause: none,
  resume: none,
  restart: none,
  drain: spikeNodes,
  cordon: spikeNodes,
  uncordon: ({ plan }) => ({ nodes: cordonedNodes(plan) }),
};

/** A diagnosis from before the whole list was kept has what was shown: at most 20. */
function whatToTakeBack({ diagnosis }: Incident): Details {
  const { migrations = [], takeBack } = diagnosis?.rollbackSafety ?? {};
  const { files, isCut } = takeBack ?? toTakeBack(migrations, migrations.length >= 20);
  return { migrations: files, ...(isCut && { migrationsCut: true }) };
}

/** To the last revision that ran well; an undo goes to what ran before the rollback. */
function whereTo({ diagnosis, plan }: Incident, { aside }: Step): Details {
  if (aside === "other") return {};
  const did = plan.find(({ id, did: done }) => id.startsWith("rollback") && done)?.did;
  if (aside === "undo")
    return did?.kind === "rollback" ? { revision: did.fromRevision, revisionTemplateHash: did.fromTemplateHash } : {};
  const good = diagnosis?.goodRevision;
  return { revision: good?.revision, revisionTemplateHash: good?.templateHash };
}

function scaledFrom(plan: readonly Step[]): number | undefined {
  const did = plan.find(({ id }) => id === "scale")?.did;
  return did?.kind === "scale" ? did.from : undefined;
}

function cordonedNodes(plan: readonly Step[]): readonly NodeRef[] {
  return plan.flatMap(({ did }) => (did?.kind === "drain" || did?.kind === "cordon" ? did.nodes : []));
}

/** What a person would have picked in the modal to get this intent; undefined where there is nothing to pick. */
export function choiceOf(intent: Intent): string | undefined {
  switch (intent.kind) {
    case "rollback":
      return intent.toTemplateHash;
    case "scale":
      return String(intent.to);
    case "lower":
      return String(intent.toMax);
    default:
      return undefined;
  }
}

/** A replica works more than 1.5 times its usual, or nobody can tell how it usually works. */
function isBusy(incident: Incident): boolean {
  const work = checksOf(incident).filter(isWork);
  return work.some(({ ok }) => ok === false) || work.every(({ ok }) => ok === undefined);
}
