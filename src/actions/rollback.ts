import type { ActResult, PreviewResult, StepOrder } from "#domain/order.ts";
import type { RollbackIntent } from "#domain/intent.ts";
import { patchDeployment, readDeployment, type JsonPatchOperation } from "#clients/kubernetes/api.ts";
import { TemporaryError } from "#lib/errors.ts";
import { type Action, type ActionContext, alreadyDone, refused, stale } from "./action.ts";
import { type History, type Revision, isSameTemplate, readHistory, type RollbackPlan } from "./history.ts";
import { askOwners } from "./owner-sync.ts";
import { toPreview } from "./rollback-preview.ts";
import { isOwnWork, leaveTrace, traceOperations } from "./traces.ts";
import { tryWrite, untilSettled } from "./write.ts";

type No = Extract<PreviewResult, { kind: "refused" | "already-done" }>;

/** Brings an earlier pod template back, and nothing else. */
export function createRollback(context: ActionContext): Action<RollbackIntent> {
  return {
    preview: (order) =>
      untilSettled<PreviewResult>("preview the rollback", async () => {
        const plan = await findPlan(context, order, { revision: order.revision, templateHash: order.revisionTemplateHash });
        if (plan.kind !== "plan") return plan;
        const dryRun = await tryWrite(() => writeTemplate(context, order, plan));
        if (dryRun.kind === "moved") return undefined;
        if (dryRun.kind === "refused") return dryRun;
        return { kind: "preview", preview: toPreview(order, plan, context.clock.now()) };
      }),
    act: (intent, order) =>
      untilSettled<ActResult>("roll back", async () => {
        const plan = await findPlan(context, order, { revision: intent.toRevision, templateHash: intent.toTemplateHash });
        if (plan.kind === "already-done") return foundDone(context, order, intent, plan);
        if (plan.kind !== "plan") return plan;
        const moved = movedSince(intent, plan);
        if (moved) return moved;
        const written = await tryWrite(() => writeTemplate(context, order, plan, intent));
        if (written.kind === "moved") return undefined;
        if (written.kind === "refused") return written;
        return readBack(context, order, plan, intent);
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
  const { namespace, name } = order.workload;
  const now = await readDeployment(context.connection, namespace, name);
  if (!now || !isOwnWork(order, now.metadata, intent)) return found;
  return leaveTrace(context, order, intent, { apiVersion: "apps/v1", kind: "Deployment", metadata: now.metadata }, found);
}

interface Target {
  readonly revision?: number;
  readonly templateHash?: string;
}

async function findPlan(context: ActionContext, { workload }: StepOrder, target: Target): Promise<RollbackPlan | No> {
  const { namespace, name, kind } = workload;
  const title = `${namespace}/${name}`;
  if (kind !== "Deployment") return refused(`Only Deployments can be rolled back yet: ${title} is a ${kind}.`);
  const history = await readHistory(context.connection, namespace, name);
  if (!history) return refused(`There is no Deployment ${title} any more.`);
  const { deployment, current } = history;
  if (deployment.spec.paused === true) {
    return refused(`${title} is paused: a rollback would have no effect until somebody resumes it (kubectl rollout resume).`);
  }
  if (!current) throw new TemporaryError(`Cannot look at ${title}: a rollout has only just begun`, { retryAfterMs: 500 });
  const found = findTarget(history, target);
  if (!found) return refused(noTarget(title, history, target));
  if (found.templateHash === current.templateHash) {
    return alreadyDone(
      `${title} runs the template of revision ${target.revision ?? found.revision} already (it is revision ${current.revision} now).`,
    );
  }
  const word = await askOwners(context, title, { kind, metadata: deployment.metadata }, "template");
  if (word.refusal !== undefined) return refused(word.refusal);
  return { kind: "plan", deployment, current, target: found, ownersSay: word.warnings };
}

/** The template says what is meant: Kubernetes gives an old template a new number when it is used again. */
function findTarget({ revisions }: History, { revision, templateHash }: Target): Revision | undefined {
  if (templateHash !== undefined) return revisions.find((held) => held.templateHash === templateHash);
  return revisions.find((held) => held.revision === revision);
}

function noTarget(title: string, { revisions }: History, { revision }: Target): string {
  if (revision === undefined)
    return `Nobody knows a revision of ${title} that ran before the climb: choose one by hand (kubectl rollout history).`;
  const held = revisions.map((known) => known.revision).slice(0, 20);
  return `Cannot roll ${title} back to revision ${revision}: it is no longer in the history (${held.join(", ")}).`;
}

function movedSince(intent: RollbackIntent, { deployment, current }: RollbackPlan): ActResult | undefined {
  if (deployment.metadata.uid !== intent.uid) return stale("The Deployment was deleted and created again.");
  if (current.templateHash === intent.fromTemplateHash && current.revision === intent.fromRevision) return undefined;
  return stale(`It was revision ${intent.fromRevision} and is revision ${current.revision} now.`);
}

/** Without an intent a dry run. */
function writeTemplate(context: ActionContext, order: StepOrder, plan: RollbackPlan, intent?: RollbackIntent) {
  const { connection, fieldManager } = context;
  const { workload } = order;
  const dryRun = intent === undefined;
  const { metadata, spec } = plan.deployment;
  // Not the resourceVersion: while a service runs away, its status changes it all the time.
  const operations: JsonPatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: metadata.uid },
    { op: "test", path: "/spec/template", value: spec.template },
    ...traceOperations(context, order, metadata, intent),
    { op: "replace", path: "/spec/template", value: plan.target.template },
  ];
  return patchDeployment(connection, workload.namespace, workload.name, { type: "json", operations }, { dryRun, fieldManager });
}

async function readBack(
  context: ActionContext,
  order: StepOrder,
  { current, target }: RollbackPlan,
  intent: RollbackIntent,
): Promise<ActResult> {
  const { workload } = order;
  const now = await readDeployment(context.connection, workload.namespace, workload.name);
  if (!now || !isSameTemplate(now.spec.template, target.template)) {
    return refused("The template was written, and something changed it again at once: look for the tool that owns it.");
  }
  const text = `The pod template of revision ${target.revision} is back in place of revision ${current.revision}; Kubernetes replaces the pods step by step.`;
  return leaveTrace(
    context,
    order,
    intent,
    { apiVersion: "apps/v1", kind: "Deployment", metadata: now.metadata },
    { kind: "done", text },
  );
}
