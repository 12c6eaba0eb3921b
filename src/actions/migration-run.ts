import type { ActResult, StepOrder } from "#domain/order.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { createJob, type KubeJob, listJobs, readJob } from "#clients/kubernetes/jobs.ts";
import { StaleError } from "#lib/errors.ts";
import { type ActionContext, refused } from "./action.ts";
import { isOf, isPlanned, ownJobs, type PlannedJob } from "./migration-job.ts";
import { tryWrite } from "./write.ts";

/** Clock milliseconds between two looks at a Job, and until we stop looking. */
const lookMs = 5_000;
const patienceMs = 35 * 60_000;

/** Down-migrations of a workload that are there: one that has not ended, and those that took the schema back. */
export interface Earlier {
  readonly kind: "earlier";
  readonly running?: KubeJob;
  readonly complete: readonly KubeJob[];
}

/** Looks for them; a no where the right to list Jobs is missing. */
export async function readEarlier(
  { connection }: ActionContext,
  workload: WorkloadRef,
): Promise<Earlier | ReturnType<typeof refused>> {
  const jobs: KubeJob[] = [];
  const read = await tryWrite(async () => jobs.push(...(await listJobs(connection, workload.namespace, ownJobs))));
  if (read.kind === "refused") return read;
  const own = jobs.filter((job) => isOf(job, workload));
  return {
    kind: "earlier",
    running: own.find((job) => endOf(job) === undefined),
    complete: own.filter((job) => endOf(job)?.kind === "done"),
  };
}

/** Two at once would take the schema back twice. */
export function stillRuns({ metadata: { name } }: KubeJob, { namespace }: WorkloadRef): ReturnType<typeof refused> {
  return refused(
    `Another down-migration of it still runs, the Job "${name}": wait until it has ended. ${lookAt(namespace, name)}`,
  );
}

/** Creates it unless it is there from a run before a crash, and waits for its end. */
export async function runJob(context: ActionContext, order: StepOrder, planned: PlannedJob): Promise<ActResult> {
  const { connection, fieldManager } = context;
  const { job } = planned;
  const { namespace } = order.workload;
  const earlier = await readEarlier(context, order.workload);
  if (earlier.kind === "refused") return earlier;
  if (earlier.running && earlier.running.metadata.name !== job.metadata.name) return stillRuns(earlier.running, order.workload);
  if (!(await readJob(connection, namespace, job.metadata.name))) {
    const written = await tryWrite(async () => {
      try {
        await createJob(connection, namespace, job, { fieldManager });
      } catch (error) {
        // It is there: the answer to an earlier try was lost. Or it is somebody else's, which shows when it is looked at.
        if (!(error instanceof StaleError)) throw error;
      }
    });
    if (written.kind === "refused") return written;
  }
  return waitFor(context, order, planned);
}

async function waitFor({ connection, clock }: ActionContext, order: StepOrder, planned: PlannedJob): Promise<ActResult> {
  const { incidentId, workload } = order;
  const { name } = planned.job.metadata;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const job = await readJob(connection, workload.namespace, name);
    if (!job) return refused(`The Job "${name}" was deleted before it ended: look whether the schema is back.`);
    if (!isPlanned(job, incidentId, planned.digest))
      return refused(`The Job "${name}" is there, and is not the one that was approved: look who made it.`);
    const end = endOf(job);
    if (end) return end;
    if (clock.now() >= deadline)
      return refused(
        `The Job "${name}" still runs after 35 minutes; press again to wait on: ${lookAt(workload.namespace, name)}`,
      );
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
