import type { ActResult, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { MigrateIntent } from "#domain/intent.ts";
import { readWorkload } from "#clients/kubernetes/workloads.ts";
import { createJob, type KubeCronJob, type NewJob, readCronJob } from "#clients/kubernetes/jobs.ts";
import { type Action, type ActionContext, counted, refused, stale } from "./action.ts";
import { isPlanned, jobFrom, templateAnnotation, whyNotWhole } from "./migration-job.ts";
import { readEarlier, runJob, stillRuns } from "./migration-run.ts";
import { tryWrite } from "./write.ts";

type Found =
  | { readonly kind: "found"; readonly uid: string; readonly cronJob?: KubeCronJob }
  | { readonly kind: "refused"; readonly text: string };

/**
 * Takes the schema back before the code goes back: by a Job from a template that the owner declared, a suspended CronJob that an annotation of the
 * workload or the configuration names; or, where there is none, by a person, whose word is taken down.
 */
export function createMigrate(context: ActionContext): Action<MigrateIntent> {
  return {
    preview: async (order): Promise<PreviewResult> => {
      const found = await findTemplate(context, order);
      if (found.kind === "refused") return found;
      const files = order.migrations ?? [];
      const base = { kind: "migrate", workload: order.workload, uid: found.uid, files } as const;
      if (!found.cronJob) return { kind: "preview", preview: byHand(context, base, order.migrationsCut === true) };
      const no = whyNotWhole(order);
      if (no !== undefined) return refused(no);
      return previewJob(context, order, base, found.cronJob);
    },
    act: async (intent, order): Promise<ActResult> => {
      const found = await findTemplate(context, order);
      if (found.kind === "refused") return found;
      if (found.uid !== intent.uid) return stale("The workload was deleted and created again.");
      if (!intent.job) return { kind: "done", text: `A person says that the schema is back: ${namesOf(intent.files)}.` };
      if (!found.cronJob) return stale("The template of the down-migration is gone.");
      const no = whyNotWhole({ ...order, migrations: intent.files });
      if (no !== undefined) return refused(no);
      const planned = jobFrom(found.cronJob, { ...order, migrations: intent.files }, intent.job.name);
      if (planned.digest !== intent.job.digest) return stale("The template of the down-migration was changed.");
      return runJob(context, order, planned);
    },
  };
}

/** Of one that runs already: to wait for it. Else a new one, after a dry run. */
async function previewJob(
  context: ActionContext,
  order: StepOrder,
  base: Omit<MigrateIntent, "job">,
  cronJob: KubeCronJob,
): Promise<PreviewResult> {
  const { connection, clock, fieldManager } = context;
  const { incidentId, workload } = order;
  const earlier = await readEarlier(context, workload);
  if (earlier.kind === "refused") return earlier;
  const { running, complete } = earlier;
  const { job, digest } = jobFrom(cronJob, order, `k8s-why-down-${clock.now().toString(36)}`);
  if (running && !isPlanned(running, incidentId, digest)) return stillRuns(running, workload);
  const name = running?.metadata.name ?? job.metadata.name;
  const intent = { ...base, job: { name, digest } };
  if (running) return { kind: "preview", preview: byRunning(context, intent, name) };
  const dryRun = await tryWrite(() => createJob(connection, workload.namespace, job, { dryRun: true, fieldManager }));
  if (dryRun.kind === "refused") return dryRun;
  const before = complete.find((one) => isPlanned(one, incidentId, digest));
  const preview = byJob(context, intent, job, cronJob.metadata.name);
  return { kind: "preview", preview: before ? withEarlier(preview, before.metadata.name) : preview };
}

async function findTemplate({ connection, downMigrations }: ActionContext, { workload }: StepOrder): Promise<Found> {
  const { namespace, name, kind } = workload;
  const object = await readWorkload(connection, workload);
  if (!object) return refused(`There is no ${kind} ${namespace}/${name} any more.`);
  const { uid, annotations } = object.metadata;
  // The operator's word goes before the object's own, which anybody who may change the object can write.
  const template = downMigrations.get(`${namespace}/${name}`) ?? annotations?.[templateAnnotation];
  if (template === undefined) return { kind: "found", uid };
  const cronJob = await readCronJob(connection, namespace, template);
  if (!cronJob)
    return refused(
      `The template of the down-migration is missing: there is no CronJob "${template}" in the namespace ${namespace}.`,
    );
  if (cronJob.spec.suspend !== true)
    return refused(`The CronJob "${template}" is not suspended: a template for down-migrations must never run by the clock.`);
  return { kind: "found", uid, cronJob };
}

function byJob({ clock }: ActionContext, intent: MigrateIntent, job: NewJob, cronJob: string): Preview {
  const images = (job.spec.template.spec?.containers ?? []).map(({ image = "" }) => image.slice(0, 150));
  return {
    at: clock.now(),
    intent,
    effects: [
      `A Job "${job.metadata.name}" runs once from the suspended CronJob "${cronJob}" (${images.join(", ")}), and is waited for.`,
      `It is told in K8S_WHY_MIGRATIONS what to take back: ${namesOf(intent.files)}.`,
      "The code that runs now may fail on the old schema until it is rolled back: press that next.",
    ],
    changes: [],
    warnings: ["What is in the columns that it drops is lost. k8s-why does not look into your database."],
    dryRun: "accepted",
  };
}

/** It took the schema back before, in this incident: only who knows that it is in again may want it twice. */
function withEarlier(preview: Preview, name: string): Preview {
  return {
    ...preview,
    warnings: [`The Job "${name}" has taken the same files back already, in this incident.`, ...preview.warnings],
    confirm: "The migrations ran again since then, and must be taken back a second time",
  };
}

function byRunning({ clock }: ActionContext, intent: MigrateIntent, name: string): Preview {
  return {
    at: clock.now(),
    intent,
    effects: [`The Job "${name}" runs already, for this incident: it is waited for, and no second one is made.`],
    changes: [],
    warnings: [],
    dryRun: "not-applicable",
  };
}

function byHand({ clock }: ActionContext, intent: MigrateIntent, isCut: boolean): Preview {
  return {
    at: clock.now(),
    intent,
    effects: [
      `Nothing runs: no template is declared. Take ${counted(intent.files.length, "migration")} back by hand: ${namesOf(intent.files)}.`,
      "Your word that the schema is back opens the rollback.",
    ],
    changes: [],
    warnings: [
      ...(isCut ? ["The list is not whole: look for more migrations in the range."] : []),
      `To have it done next time: a suspended CronJob in the workload's namespace, and its name in the annotation ${templateAnnotation}.`,
    ],
    dryRun: "not-applicable",
    confirm: "The schema is back where the old code can use it",
  };
}

function namesOf(files: readonly string[]): string {
  const names = files.slice(0, 8).map((path) => path.slice(path.lastIndexOf("/") + 1).slice(0, 80));
  return `${names.join(", ")}${files.length > names.length ? ` and ${files.length - names.length} more` : ""}`;
}
