import type { ActResult, Choices, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { CeilingIntent } from "#domain/intent.ts";
import { readHpa } from "#clients/kubernetes/api.ts";
import { type Action, type ActionContext, alreadyDone, count, stale } from "./action.ts";
import { type Aim, type Ceiling, findCeiling, isSetByUs, type No, undoneAtOnce, writeCeiling } from "./ceiling.ts";
import { readQuotaMost } from "./quota-most.ts";
import { isOwnWork, leaveTrace } from "./traces.ts";
import { tryWrite, untilSettled } from "./write.ts";

/** What an act on a ceiling aims at, in numbers and words. */
export interface CeilingIdea {
  readonly kind: CeilingIntent["kind"];
  /** `cap the autoscaler` */
  readonly what: string;
  /** `intent`: what was approved; absent in a preview. */
  readonly aim: (found: Ceiling, order: StepOrder, intent?: CeilingIntent) => AimFound | No | ActResult;
  readonly words: (
    found: Ceiling,
    aim: AimFound,
    order: StepOrder,
  ) => { readonly effects: readonly string[]; readonly warnings: readonly string[]; readonly done: string };
}

/** Where the ceiling goes, and what else could be chosen. */
export interface AimFound extends Aim {
  readonly kind: "aim";
  readonly choices?: Choices;
}

/** An act that changes an autoscaler's ceiling and nothing else: the same looks and the same write, whatever it aims at. */
export function createCeilingAct(context: ActionContext, idea: CeilingIdea): Action<CeilingIntent> {
  return {
    preview: (order) =>
      untilSettled<PreviewResult>(`preview how to ${idea.what}`, async () => {
        const found = await findCeiling(context, order);
        if (found.kind !== "found") return found;
        const aim = idea.aim(found, order);
        if (aim.kind !== "aim") return aim as No;
        const dryRun = await tryWrite(() => writeCeiling(context, order, found.hpa, aim, { dryRun: true }));
        if (dryRun.kind === "moved") return undefined;
        if (dryRun.kind === "refused") return dryRun;
        return { kind: "preview", preview: toPreview(context, idea, order, found, aim) };
      }),
    act: (intent, order) =>
      untilSettled<ActResult>(idea.what, async () => {
        const found = await findCeiling(context, order);
        if (found.kind !== "found") return found;
        if (isOwnWork(order, found.hpa.metadata, intent) && isSetByUs(found, intent.toMax))
          return foundDone(context, order, intent, found);
        const aim = movedSince(intent, found) ?? idea.aim(found, order, intent);
        if (aim.kind !== "aim") return aim;
        const written = await tryWrite(() => writeCeiling(context, order, found.hpa, aim, { dryRun: false, intent }));
        if (written.kind === "moved") return undefined;
        if (written.kind === "refused") return written;
        return readBack(context, order, intent, aim, idea.words(found, aim, order).done);
      }),
  };
}

function movedSince(intent: CeilingIntent, { hpa }: Ceiling): ActResult | undefined {
  if (hpa.metadata.uid !== intent.autoscalerUid) return stale(`The autoscaler "${intent.autoscaler}" was replaced by another.`);
  const { maxReplicas } = hpa.spec;
  if (maxReplicas === intent.fromMax) return undefined;
  return stale(`The ceiling moved from ${count(intent.fromMax)} to ${count(maxReplicas)}.`);
}

const touched = (hpa: Ceiling["hpa"]) => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: hpa.metadata,
});

/** Written by a run before a crash, or by one whose answer was lost: only the Event may be missing. */
function foundDone(context: ActionContext, order: StepOrder, intent: CeilingIntent, { hpa }: Ceiling): Promise<ActResult> {
  const text = `The ceiling of "${hpa.metadata.name}" is ${count(hpa.spec.maxReplicas)} already (was ${count(intent.fromMax)}).`;
  return leaveTrace(context, order, intent, touched(hpa), alreadyDone(text));
}

async function readBack(
  context: ActionContext,
  order: StepOrder,
  intent: CeilingIntent,
  { toMax }: Aim,
  text: string,
): Promise<ActResult> {
  const now = await readHpa(context.connection, order.workload.namespace, intent.autoscaler);
  if (now?.spec.maxReplicas !== toMax) return undoneAtOnce(now);
  const quotaMost = await readQuotaMost(context, order.workload);
  return leaveTrace(context, order, intent, touched(now), { kind: "done", text, ...(quotaMost !== undefined && { quotaMost }) });
}

function toPreview(
  { clock }: ActionContext,
  { kind, words }: CeilingIdea,
  order: StepOrder,
  found: Ceiling,
  aim: AimFound,
): Preview {
  const { metadata, spec } = found.hpa;
  const fromMax = spec.maxReplicas;
  const { effects, warnings } = words(found, aim, order);
  const { workload } = order;
  return {
    at: clock.now(),
    intent: { kind, workload, autoscaler: metadata.name, autoscalerUid: metadata.uid, fromMax, toMax: aim.toMax },
    effects,
    changes: [{ what: "maxReplicas", before: count(fromMax), after: count(aim.toMax) }],
    warnings: [...warnings, ...found.warnings],
    dryRun: "accepted",
    ...(aim.choices && { choices: aim.choices }),
  };
}
