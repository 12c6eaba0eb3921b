import type { Enqueue, Job, JobData, JobName } from "#workflow/jobs.ts";
import type { QueueName, Queues } from "#store/queues.ts";

/** Which queue a job travels in: each has one kind of reader. */
const queueOf: Record<JobName, "incoming" | "observations" | "incidents" | "slack" | "steps"> = {
  landings: "incoming",
  alerts: "incoming",
  reconcile: "incoming",
  changes: "observations",
  spike: "observations",
  tick: "incidents",
  acted: "incidents",
  interrupted: "incidents",
  announce: "slack",
  "draw-picture": "slack",
  "share-picture": "slack",
  "show-picture": "slack",
  storm: "slack",
  digest: "slack",
  "drop-picture": "slack",
  "show-preview": "slack",
  preview: "steps",
  act: "steps",
  rights: "steps",
};

/** The workflow's way to hand a job over, through Redis. */
export function createEnqueue(queues: Pick<Queues, "enqueue">, cluster: string): Enqueue {
  return async (name, data, { id, delayMs, coalesce, cluster: target }) => {
    const kind = queueOf[name];
    const queue: QueueName = kind === "steps" ? `steps-${target ?? cluster}` : kind;
    await queues.enqueue(queue, name, data, { id, delayMs, coalesce });
  };
}

export type JobTable = { readonly [N in JobName]?: (data: JobData<N>) => Promise<void> };

/** Hands a job to whoever does it; an unknown name is a surprise. */
export async function runJob(table: JobTable, job: { readonly name: string; readonly data: unknown }): Promise<void> {
  const known = job as Job;
  const run = table[known.name] as ((data: unknown) => Promise<void>) | undefined;
  if (!run) throw new Error(`Cannot run the job "${job.name}": nobody here does it`);
  await run(known.data);
}
