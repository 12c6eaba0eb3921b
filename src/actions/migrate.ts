import type { ActResult, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { MigrateIntent } from "#domain/intent.ts";
import { readDeployment } from "#clients/kubernetes/api.ts";
import { createJob, type KubeCronJob, type KubeJob, type NewJob, readCronJob, readJob } from "#clients/kubernetes/jobs.ts";
import { StaleError } from "#lib/errors.ts";
import { type Action, type ActionContext, counted, refused, stale } from "./action.ts";
import { digestOfJob, jobFrom, templateAnnotation } from "./migration-job.ts";
import { tryWrite } from "./write.ts";

/** Clock milliseconds between two looks at a Job, and until we stop looking. */
const lookMs = 5_000;
const patienceMs = 35 * 60_000;

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
      if (!found.cronJob) return { kind: "preview", preview: byHand(context, base) };
      const job = jobFrom(found.cronJob, order, `k8s-why-down-${context.clock.now().toString(36)}`);
      const dryRun = await tryWrite(() =>
        createJob(context.connection, order.workload.namespace, job, { dryRun: true, fieldManager: context.fieldManager }),
      );
      if (dryRun.kind === "refused") return dryRun;
      const intent = { ...base, job: { name: job.metadata.name, digest: digestOfJob(job) } };
      return { kind: "preview", preview: byJob(context, intent, job, found.cronJob.metadata.name) };
    },
    act: async (intent, order): Promise<ActResult> => {
      const found = await findTemplate(context, order);
      if (found.kind === "refused") return found;
      if (found.uid !== intent.uid) return stale("The workload was deleted and created again.");
      if (!intent.job) return { kind: "done", text: `A person says that the schema is back: ${namesOf(intent.files)}.` };
      if (!found.cronJob) return stale("The template of the down-migration is gone.");
      const job = jobFrom(found.cronJob, { ...order, migrations: intent.files }, intent.job.name);
      if (digestOfJob(job) !== intent.job.digest) return stale("The template of the down-migration was changed.");
      return run(context, order.workload.namespace, job);
    },
  };
}

async function findTemplate({ connection, downMigrations }: ActionContext, { workload }: StepOrder): Promise<Found> {
  const { namespace, name, kind } = workload;
  if (kind !== "Deployment") return refused(`Only Deployments are looked at yet: ${namespace}/${name} is a ${kind}.`);
  const deployment = await readDeployment(connection, namespace, name);
  if (!deployment) return refused(`There is no Deployment ${namespace}/${name} any more.`);
  const { uid, annotations } = deployment.metadata;
  const template = annotations?.[templateAnnotation] ?? downMigrations.get(`${namespace}/${name}`);
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

/** Creates it unless it is there from a run before a crash, and waits for its end. */
async function run(context: ActionContext, namespace: string, job: NewJob): Promise<ActResult> {
  const { connection, fieldManager } = context;
  const { name } = job.metadata;
  if (!(await readJob(connection, namespace, name))) {
    const written = await tryWrite(async () => {
      try {
        await createJob(connection, namespace, job, { fieldManager });
      } catch (error) {
        // It is there: the answer to an earlier try was lost.
        if (!(error instanceof StaleError)) throw error;
      }
    });
    if (written.kind === "refused") return written;
  }
  return waitFor(context, namespace, name);
}

async function waitFor({ connection, clock }: ActionContext, namespace: string, name: string): Promise<ActResult> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const job = await readJob(connection, namespace, name);
    if (!job) return refused(`The Job "${name}" was deleted before it ended: look whether the schema is back.`);
    const end = endOf(job);
    if (end) return end;
    if (clock.now() >= deadline) return refused(`The Job "${name}" still runs after 35 minutes: ${lookAt(namespace, name)}`);
    await clock.sleep(lookMs);
  }
}

function endOf({ metadata: { name, namespace = "" }, status }: KubeJob): ActResult | undefined {
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type && one.status === "True");
  if (condition("Complete")) return { kind: "done", text: `The Job "${name}" has taken the schema back.` };
  const failed = condition("Failed");
  if (!failed) return undefined;
  const why = [failed.reason, failed.message].filter(Boolean).join(": ").slice(0, 300);
  return refused(`The Job "${name}" failed (${why}): ${lookAt(namespace, name)}`);
}

function lookAt(namespace: string, name: string): string {
  return `kubectl -n ${namespace} logs job/${name}`;
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

function byHand({ clock }: ActionContext, intent: MigrateIntent): Preview {
  return {
    at: clock.now(),
    intent,
    effects: [
      `Nothing runs: no template is declared. Take ${counted(intent.files.length, "migration")} back by hand: ${namesOf(intent.files)}.`,
      "Your word that the schema is back opens the rollback.",
    ],
    changes: [],
    warnings: [
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
