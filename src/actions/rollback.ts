import type { ActResult, PreviewResult, StepOrder } from "#domain/order.ts";
import type { RollbackIntent } from "#domain/intent.ts";
import type { JsonPatchOperation } from "#clients/kubernetes/api.ts";
import { patchWorkload, readWorkload } from "#clients/kubernetes/workloads.ts";
import { TemporaryError } from "#lib/errors.ts";
import { type Action, type ActionContext, alreadyDone, refused, stale } from "./action.ts";
import { type History, type Revision, isSameTemplate, readHistory } from "./history.ts";
import { askOwners } from "./owner-sync.ts";
import { isOwnWork, leaveTrace, traceOperations } from "./traces.ts";
import { foretellRollout, withForecast } from "./rollout-facts.ts";
import { readStuckPods, stuckSentences } from "./stuck-pods.ts";
import { type RollbackPlan, toPreview } from "./rollback-preview.ts";
import { ofKind, toReplacement } from "./surge.ts";
import { tryWrite, untilSettled } from "./write.ts";

type No = Extract<PreviewResult, { kind: "refused" | "already-done" }>;

/** Brings an earlier pod template of a Deployment, StatefulSet or DaemonSet back, and nothing else. */
export function createRollback(context: ActionContext): Action<RollbackIntent> {
  return {
    preview: (order) =>
      untilSettled<PreviewResult>("preview the rollback", async () => {
        const plan = await findPlan(context, order, chosenBy(order));
        if (plan.kind !== "plan") return plan;
        const dryRun = await tryWrite(() => writeTemplate(context, order, plan));
        if (dryRun.kind === "moved") return undefined;
        if (dryRun.kind === "refused") return dryRun;
        const [foretold, stuck] = await Promise.all([
          foretellRollout(context, plan.history, plan.target.template),
          readStuckPods(context, plan.history, plan.target),
        ]);
        return { kind: "preview", preview: toPreview(order, plan, { foretold, stuck, at: context.clock.now() }) };
      }),
    act: (intent, order) =>
      untilSettled<ActResult>("roll back", async () => {
        const plan = await findPlan(context, order, { revision: intent.toRevision, templateHash: intent.toTemplateHash });
        if (plan.kind === "already-done") return foundDone(context, order, intent, plan);
        if (plan.kind !== "plan") return plan;
        const moved = movedSince(intent, plan);
        if (moved) return moved;
        const foretold = await foretellRollout(context, plan.history, plan.target.template);
        const stuck = await readStuckPods(context, plan.history, plan.target);
        const written = await tryWrite(() => writeTemplate(context, order, plan, intent));
        if (written.kind === "moved") return undefined;
        if (written.kind === "refused") return written;
        return withForecast(context, await readBack(context, order, { ...plan, stuck }, intent), foretold?.forecast);
      }),
  };
}

/** Where an earlier run of this step did it, and its answer was lost, the Event may be missing. */
async function foundDone(
  context: ActionContext,
  order: StepOrder,
  intent: RollbackIntent,
  found: Extract<No, { kind: "already-done" }>,
): Promise<ActResult> {
  const now = await readWorkload(context.connection, order.workload);
  if (!now || !isOwnWork(order, now.metadata, intent)) return found;
  return leaveTrace(context, order, intent, { apiVersion: "apps/v1", kind: order.workload.kind, metadata: now.metadata }, found);
}

interface Target {
  readonly revision?: number;
  readonly templateHash?: string;
}

/** What a person picked, else what is suggested; undefined where nobody suggests anything. */
function chosenBy({ choice, revision, revisionTemplateHash }: StepOrder): Target | undefined {
  if (choice !== undefined) return { templateHash: choice };
  return revision === undefined && revisionTemplateHash === undefined
    ? undefined
    : { revision, templateHash: revisionTemplateHash };
}

async function findPlan(
  context: ActionContext,
  { workload: ref }: StepOrder,
  target: Target | undefined,
): Promise<RollbackPlan | No> {
  const title = `${ref.namespace}/${ref.name}`;
  const history = await readHistory(context.connection, ref);
  if (!history) return refused(`There is no ${ref.kind} ${title} any more.`);
  const plan = aim(title, history, target);
  if (plan.kind !== "plan") return plan;
  const word = await askOwners(context, title, { kind: ref.kind, metadata: history.workload.metadata }, "template");
  return word.refusal === undefined ? { ...plan, ownersSay: word.warnings } : refused(word.refusal);
}

function aim(title: string, history: History, target: Target | undefined): Omit<RollbackPlan, "ownersSay"> | No {
  const { workload, current } = history;
  if ("paused" in workload.spec && workload.spec.paused === true)
    return refused(`${title} is paused: a rollback would have no effect until somebody resumes it (kubectl rollout resume).`);
  if (!current) throw new TemporaryError(`Cannot look at ${title}: a rollout has only just begun`, { retryAfterMs: 500 });
  const found = target ? findTarget(history, target) : newestOther(history);
  if (!found) return refused(noTarget(title, history, target));
  if (found.templateHash === current.templateHash)
    return alreadyDone(
      `${title} runs the template of revision ${target?.revision ?? found.revision} already (it is revision ${current.revision} now).`,
    );
  return { kind: "plan", history, current, target: found };
}

/** The template says what is meant: Kubernetes gives an old template a new number when it is used again. */
function findTarget({ revisions }: History, { revision, templateHash }: Target): Revision | undefined {
  if (templateHash !== undefined)
    return revisions.find((held) => held.templateHash === templateHash || held.name === templateHash);
  return revisions.find((held) => held.revision === revision);
}

function newestOther({ revisions, current }: History): Revision | undefined {
  return revisions.find(({ templateHash }) => templateHash !== current?.templateHash);
}

function noTarget(title: string, { revisions }: History, target: Target | undefined): string {
  if (!target) return `There is no earlier revision of ${title} in its history: there is nothing to go back to.`;
  const held = revisions.map((known) => known.revision).slice(0, 20);
  const of = target.templateHash === undefined ? "" : "the template of ";
  const what = target.revision === undefined ? "what was chosen" : `${of}revision ${target.revision}`;
  return `Cannot roll ${title} back to ${what}: it is no longer in the history (${held.join(", ")}).`;
}

function movedSince(intent: RollbackIntent, { history, current }: RollbackPlan): ActResult | undefined {
  if (history.workload.metadata.uid !== intent.uid) return stale(`The ${history.kind} was deleted and created again.`);
  if (current.templateHash === intent.fromTemplateHash) return undefined;
  return stale(`It was revision ${intent.fromRevision} and is revision ${current.revision} now.`);
}

/** What `kubectl rollout undo` does to the template; without an intent a dry run. */
function writeTemplate(context: ActionContext, order: StepOrder, { history, target }: RollbackPlan, intent?: RollbackIntent) {
  const { connection, fieldManager } = context;
  const { metadata, spec } = history.workload;
  // Not the resourceVersion: while a service runs away, its status changes it all the time.
  const operations: JsonPatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: metadata.uid },
    { op: "test", path: "/spec/template", value: spec.template },
    ...traceOperations(context, order, metadata, intent),
    { op: "replace", path: "/spec/template", value: target.template },
  ];
  const options = { dryRun: intent === undefined, fieldManager };
  return patchWorkload(connection, order.workload, { type: "json", operations }, options);
}

async function readBack(
  context: ActionContext,
  order: StepOrder,
  { history, current, target, stuck }: RollbackPlan & { readonly stuck: readonly string[] },
  intent: RollbackIntent,
): Promise<ActResult> {
  const { kind } = order.workload;
  const now = await readWorkload(context.connection, order.workload);
  if (!now || !isSameTemplate(now.spec.template, target.template)) {
    return refused("The template was written, and something changed it again at once: look for the tool that owns it.");
  }
  const back = `The pod template of revision ${target.revision} is back in place of revision ${current.revision}; ${whatFollows(history)}.`;
  const text = [back, ...stuckSentences(order.workload.namespace, stuck)].join(" ");
  const touched = { apiVersion: "apps/v1", kind, metadata: now.metadata };
  return leaveTrace(context, order, intent, touched, { kind: "done", text });
}

function whatFollows({ kind, workload }: History): string {
  const { kind: how, replaced } = toReplacement(ofKind(kind, workload));
  if (how === "by-hand") return "no pod is replaced until somebody deletes it (OnDelete)";
  return replaced === 0
    ? "no pod is replaced: there is none, or the partition keeps them all"
    : "Kubernetes replaces the pods step by step";
}
