import type { ActResult, PreviewResult, StepOrder } from "#domain/order.ts";
import type { Intent, IntentOf } from "#domain/intent.ts";
import type { ActKind } from "#domain/plan.ts";
import type { Called } from "#domain/audit.ts";
import type { StepPort } from "#domain/ports/cluster.ts";
import { type Action, type ActionContext, refused } from "./action.ts";
import { createCap } from "./cap.ts";
import { createCordon, createUncordon } from "./cordon.ts";
import { createDrain } from "./drain.ts";
import { createLower } from "./lower.ts";
import { createMigrate } from "./migrate.ts";
import { createPause } from "./pause.ts";
import { createRestart } from "./restart.ts";
import { createRestore } from "./restore.ts";
import { createResume } from "./resume.ts";
import { createRollback } from "./rollback.ts";
import { createScale } from "./scale.ts";
import type { Identity } from "#domain/identity.ts";
import { impersonating } from "#clients/kubernetes/impersonate.ts";
import { noteCalls } from "./note-calls.ts";
import { messageOf } from "#lib/errors.ts";

/** `clock` may run faster than the wall; `fieldManager` is "k8s-why" unless said. */
export type StepsOptions = Omit<ActionContext, keyof typeof defaults> &
  Partial<ActionContext> & {
    /** Hears what was sent before a look or an act ended without a result. */
    readonly onInterrupted?: OnInterrupted;
  };

type OnInterrupted = (order: StepOrder, by: string | undefined, sent: Called & { readonly text: string }) => Promise<void>;

const defaults = {
  fieldManager: "k8s-why",
  onProgress: () => {},
  isStopped: async () => false,
  downMigrations: new Map<string, string>(),
  mostNodes: 20,
} satisfies Partial<ActionContext>;

/** The hands of one cluster. Verbs throw TemporaryError while the API server is away or the state will not hold still. */
export function createSteps({ onInterrupted, ...options }: StepsOptions): StepPort {
  const context: ActionContext = { ...defaults, ...options };
  /** What was sent goes with the result; where there is none, it is told by itself. */
  const noting = async <T extends object>(
    order: StepOrder,
    by: string | undefined,
    run: (context: ActionContext) => Promise<T>,
    as?: Identity,
  ) => {
    const { connection, noted } = noteCalls(as ? impersonating(context.connection, as) : context.connection);
    try {
      return { ...(misdirected(context, order) ?? (await run({ ...context, connection }))), ...noted() };
    } catch (error) {
      const { incidentId, stepId } = order;
      context.log.warn({ incidentId, stepId, ...noted(), reason: messageOf(error) }, "A step was interrupted");
      if (noted().calls) await onInterrupted?.(order, by, { ...noted(), text: messageOf(error) });
      throw error;
    }
  };
  return {
    preview: (order) => noting(order, undefined, (noted) => preview(noted, order)),
    act: async ({ intent, incidentId, stepId, by, second }, order, as) => {
      if (incidentId !== order.incidentId || stepId !== order.stepId || !isAbout(intent, order)) {
        return refused("The approval is for something else than what was ordered.");
      }
      const people = second === undefined ? by : `${by}, ${second}`;
      const result = await noting(order, people, (noted) => act(noted, intent, order), as);
      context.log.info({ incidentId, stepId, kind: intent.kind, result: result.kind, text: result.text }, "Step was carried out");
      return result;
    },
  };
}

/** The acts there are: one file each. */
const acts: { readonly [K in ActKind]?: (context: ActionContext) => Action<IntentOf<K>> } = {
  cap: createCap,
  migrate: createMigrate,
  rollback: createRollback,
  lower: createLower,
  restore: createRestore,
  scale: createScale,
  pause: createPause,
  resume: createResume,
  restart: createRestart,
  drain: createDrain,
  cordon: createCordon,
  uncordon: createUncordon,
};

function preview(context: ActionContext, order: StepOrder): Promise<PreviewResult> {
  return actOf(context, order).preview(order);
}

function act(context: ActionContext, intent: Intent, order: StepOrder): Promise<ActResult> {
  return actOf(context, order).act(intent, order);
}

/** `isAbout` has seen that intent and order are of one kind. */
function actOf(context: ActionContext, { kind }: StepOrder): Action<Intent> {
  const create = acts[kind] as ((context: ActionContext) => Action<Intent>) | undefined;
  if (!create) throw new Error(`There is no act "${kind}"`);
  return create(context);
}

function misdirected({ cluster }: ActionContext, { workload }: StepOrder): { kind: "refused"; text: string } | undefined {
  return workload.cluster === cluster
    ? undefined
    : refused(`This agent acts in cluster "${cluster}", not in "${workload.cluster}".`);
}

/** An intent names what was shown; the order names what is asked. Both must mean the same. */
function isAbout(intent: Intent, { kind, workload }: StepOrder): boolean {
  if (intent.kind !== kind) return false;
  if (!("workload" in intent)) return intent.cluster === workload.cluster;
  const { cluster, namespace, name } = intent.workload;
  return (
    intent.workload.kind === workload.kind &&
    cluster === workload.cluster &&
    namespace === workload.namespace &&
    name === workload.name
  );
}
