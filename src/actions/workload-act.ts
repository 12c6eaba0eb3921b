import type { ActResult, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { RestartIntent, RolloutIntent, ScaleIntent } from "#domain/intent.ts";
import type { WorkloadKind } from "#domain/workload.ts";
import type { JsonPatchOperation } from "#clients/kubernetes/api.ts";
import type { KubeMeta, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import { patchWorkload, readWorkload } from "#clients/kubernetes/workloads.ts";
import { digestOf } from "#lib/digest.ts";
import { type Action, type ActionContext, alreadyDone, refused, stale } from "./action.ts";
import { askOwners } from "./owner-sync.ts";
import type { OwnedField } from "./owners.ts";
import { isOwnWork, leaveTrace, traceOperations } from "./traces.ts";
import { withForecast } from "./rollout-facts.ts";
import { tryWrite, untilSettled } from "./write.ts";

/** A Deployment, StatefulSet or DaemonSet, as far as these acts look; absent where a kind has it not. */
export interface LiveWorkload {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string };
    };
    readonly template: KubePodTemplate;
  };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly desiredNumberScheduled?: number;
  };
}

type WorkloadIntent = ScaleIntent | RolloutIntent | RestartIntent;

/** What an act on a workload does, in numbers and words. */
export interface WorkloadIdea<I extends WorkloadIntent> {
  /** `hold the rollout` */
  readonly what: string;
  /** What owners may put back. */
  readonly field: OwnedField;
  /** A sentence, where it makes no sense for this kind. */
  readonly refuseKind: (kind: WorkloadKind, title: string) => string | undefined;
  /** `approved`: what it is bound to; absent in a preview. */
  readonly aim: (workload: LiveWorkload, order: StepOrder, approved?: I) => Promise<WorkloadAim<I> | ActResult>;
  /** Does this state show that what was approved was carried out? */
  readonly isDone: (workload: LiveWorkload, intent: I) => boolean;
}

/** What to write, and what to say of it. */
export interface WorkloadAim<I extends WorkloadIntent> extends Pick<
  Preview,
  "effects" | "changes" | "warnings" | "choices" | "forecast"
> {
  readonly kind: "aim";
  readonly intent: I;
  /** With a test on what is replaced; the one on the uid is added. */
  readonly operations: readonly JsonPatchOperation[];
  /** A sentence for afterwards. */
  readonly done: string;
}

/** An act that changes a workload itself: the same looks and the same kind of write, whatever it changes. */
export function createWorkloadAct<I extends WorkloadIntent>(context: ActionContext, idea: WorkloadIdea<I>): Action<I> {
  return {
    preview: (order) =>
      untilSettled<PreviewResult>(`preview how to ${idea.what}`, async () => {
        const found = await findWorkload(context, order, idea);
        if (found.kind !== "found") return found;
        const aim = await idea.aim(found.workload, order);
        if (aim.kind !== "aim") return aim as Exclude<PreviewResult, { kind: "preview" }>;
        const dryRun = await tryWrite(() => write(context, order, found.workload, aim));
        if (dryRun.kind === "moved") return undefined;
        if (dryRun.kind === "refused") return dryRun;
        const { intent, effects, changes, choices, forecast } = aim;
        const warnings = [...aim.warnings, ...found.warnings];
        const preview = { at: context.clock.now(), intent, effects, changes, warnings, dryRun: "accepted" } as const;
        return { kind: "preview", preview: { ...preview, ...(choices && { choices }), ...(forecast && { forecast }) } };
      }),
    act: (intent, order) =>
      untilSettled<ActResult>(idea.what, async () => {
        const found = await findWorkload(context, order, idea);
        if (found.kind !== "found") return found;
        const { workload } = found;
        if (workload.metadata.uid !== intent.uid) return stale(`The ${order.workload.kind} was deleted and created again.`);
        if (isOwnWork(order, workload.metadata, intent) && idea.isDone(workload, intent))
          return trace(context, order, intent, workload, alreadyDone(`It is done already: ${order.workload.name}.`));
        const aim = await idea.aim(workload, order, intent);
        if (aim.kind !== "aim") return aim;
        const written = await tryWrite(() => write(context, order, workload, aim, intent));
        if (written.kind === "moved") return undefined;
        if (written.kind === "refused") return written;
        return withForecast(context, await readBack(context, order, idea, intent, aim.done), aim.forecast);
      }),
  };
}

type Found =
  | { readonly kind: "found"; readonly workload: LiveWorkload; readonly warnings: readonly string[] }
  | { readonly kind: "refused"; readonly text: string };

async function findWorkload<I extends WorkloadIntent>(
  context: ActionContext,
  order: StepOrder,
  { field, refuseKind }: WorkloadIdea<I>,
): Promise<Found> {
  const { kind, namespace, name } = order.workload;
  const title = `${namespace}/${name}`;
  const no = refuseKind(kind, title);
  if (no !== undefined) return refused(no);
  const workload: LiveWorkload | undefined = await readWorkload(context.connection, order.workload);
  if (!workload) return refused(`There is no ${kind} ${title} any more.`);
  const word = await askOwners(context, title, { kind, metadata: workload.metadata }, field);
  return word.refusal === undefined ? { kind: "found", workload, warnings: word.warnings } : refused(word.refusal);
}

/** Without an intent a dry run. */
function write<I extends WorkloadIntent>(
  context: ActionContext,
  order: StepOrder,
  { metadata }: LiveWorkload,
  aim: WorkloadAim<I>,
  intent?: I,
) {
  const operations: JsonPatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: metadata.uid },
    ...aim.operations,
    ...traceOperations(context, order, metadata, intent),
  ];
  const options = { dryRun: intent === undefined, fieldManager: context.fieldManager };
  return patchWorkload(context.connection, order.workload, { type: "json", operations }, options);
}

async function readBack<I extends WorkloadIntent>(
  context: ActionContext,
  order: StepOrder,
  { isDone }: WorkloadIdea<I>,
  intent: I,
  text: string,
): Promise<ActResult> {
  const now: LiveWorkload | undefined = await readWorkload(context.connection, order.workload);
  if (!now) return refused(`It was written, and then the ${order.workload.kind} was deleted.`);
  if (!isDone(now, intent))
    return refused("It was written, and something changed it back at once: look for the tool that owns it.");
  return trace(context, order, intent, now, { kind: "done", text });
}

function trace(
  context: ActionContext,
  order: StepOrder,
  intent: WorkloadIntent,
  { metadata }: LiveWorkload,
  result: Extract<ActResult, { kind: "done" | "already-done" }>,
): Promise<ActResult> {
  return leaveTrace(context, order, intent, { apiVersion: "apps/v1", kind: order.workload.kind, metadata }, result);
}

/** Says whether a template is still the one that was shown; the same for every kind of workload. */
export function templateMark({ spec: { template } }: LiveWorkload): string {
  const { annotations = {}, ...metadata } = template.metadata ?? {};
  // No annotations, and none any more, are the same.
  return digestOf({ ...template, metadata: { ...metadata, annotations } }).slice(0, 16);
}

/** As people name them: `app web:1.2`. */
export function imagesOf({ spec }: LiveWorkload): string {
  const containers = spec.template.spec?.containers ?? [];
  return containers
    .slice(0, 5)
    .map(({ name, image = "" }) => `${name} ${image.slice(image.lastIndexOf("/") + 1).slice(0, 100)}`)
    .join(", ");
}
