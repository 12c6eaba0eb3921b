import type { KubeObject } from "#sim/cluster/types.ts";
import type { Condition, Pod, PodTemplate } from "./kinds.ts";
import type { Kubelet } from "./kubelet.ts";
import { ownedBy, toTime, type World } from "./world.ts";

/** Annotation of a Job's pod template: the simulated database and the schema version that it has once the Job is done, `carts=41`. */
const setsAnnotation = "load/sets-schema";
/** Annotation of a Job's pod template: its pods end with an error. */
const failsAnnotation = "load/fails";
/** A Job's pod runs for so long, ms. */
const runs = 2_000;

type JobSpec = {
  readonly template: PodTemplate;
  readonly suspend?: boolean;
  readonly backoffLimit?: number;
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
};
type JobStatus = {
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly conditions?: readonly Condition[];
};
type Job = KubeObject<JobSpec, JobStatus> & { readonly spec: JobSpec };

/** The Job controller, for Jobs of one pod: runs it, tries again as often as the Job allows, and says how it ended. */
export function runJobs(world: World, kubelet: Kubelet, now: number): void {
  const jobs = Array.from(world.store.list("batch/v1/jobs"), (object) => object as Job);
  for (const job of jobs) {
    if (job.spec.suspend === true || job.metadata.deletionTimestamp) continue;
    if (endOf(job)) forgetWhenOld(world, job, now);
    else runJob(world, kubelet, job, now);
  }
}

function runJob(world: World, kubelet: Kubelet, job: Job, now: number): void {
  const pod = podsOf(world, job).find(({ status: { phase } = {} }) => phase !== "Failed");
  if (isTooLate(job, now)) {
    if (pod) world.store.delete("v1/pods", pod.metadata.namespace, pod.metadata.name);
    return fail(world, job, "DeadlineExceeded", "Job was active longer than specified deadline", now);
  }
  if (!pod) return begin(world, job, now);
  if (!hasRun(pod, now)) return;
  const fails = job.spec.template.metadata?.annotations?.[failsAnnotation] !== undefined;
  world.store.modify("v1/pods", pod.metadata.namespace, pod.metadata.name, (held) => ended(held as Pod, fails));
  if (fails) countFailure(world, job, now);
  else succeed(world, kubelet, job, now);
}

function hasRun({ status }: Pod, now: number): boolean {
  return status?.phase === "Running" && now - Date.parse(status.startTime ?? "") >= runs;
}

function isTooLate({ spec, status }: Job, now: number): boolean {
  const since = Date.parse(status?.startTime ?? toTime(now));
  return spec.activeDeadlineSeconds !== undefined && now - since >= spec.activeDeadlineSeconds * 1_000;
}

function countFailure(world: World, job: Job, now: number): void {
  const status = { ...job.status, failed: (job.status?.failed ?? 0) + 1 };
  write(world, job, status);
  if (status.failed > (job.spec.backoffLimit ?? 6))
    fail(world, { ...job, status }, "BackoffLimitExceeded", "Job has reached the specified backoff limit", now);
}

function podsOf({ store }: World, { metadata }: Job): Pod[] {
  return [...store.list("v1/pods", metadata.namespace)].filter((pod) =>
    pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid),
  ) as Pod[];
}

function begin(world: World, job: Job, now: number): void {
  const { name, namespace, uid } = job.metadata;
  const labels = {
    ...job.spec.template.metadata?.labels,
    "batch.kubernetes.io/job-name": name,
    "job-name": name,
    "batch.kubernetes.io/controller-uid": uid,
  };
  const annotations = job.spec.template.metadata?.annotations;
  world.store.create("v1/pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: `${name}-`,
      ...(namespace && { namespace }),
      labels,
      ...(annotations && { annotations }),
      ownerReferences: ownedBy(job),
    },
    spec: job.spec.template.spec,
  });
  write(world, job, { ...job.status, active: 1, startTime: job.status?.startTime ?? toTime(now) });
}

function succeed(world: World, kubelet: Kubelet, job: Job, now: number): void {
  const [database, version] = job.spec.template.metadata?.annotations?.[setsAnnotation]?.split("=") ?? [];
  if (database !== undefined && Number.isInteger(Number(version))) {
    world.databases.set(database, Number(version));
    kubelet.probe(database, now);
  }
  const { active: _none, ...status } = job.status ?? {};
  const why = { reason: "CompletionsReached", message: "Reached expected number of succeeded pods" };
  const conditions = ["SuccessCriteriaMet", "Complete"].map((type) => condition(type, why, now));
  write(world, job, { ...status, succeeded: 1, completionTime: toTime(now), conditions });
}

function fail(world: World, job: Job, reason: string, message: string, now: number): void {
  const { active: _none, ...status } = job.status ?? {};
  const conditions = ["FailureTarget", "Failed"].map((type) => condition(type, { reason, message }, now));
  write(world, job, { ...status, conditions });
}

function condition(type: string, why: { readonly reason: string; readonly message: string }, now: number): Condition {
  return { type, status: "True", ...why, lastTransitionTime: toTime(now) };
}

function endOf({ status }: Job): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Complete" || type === "Failed");
}

function forgetWhenOld(world: World, job: Job, now: number): void {
  const { namespace, name } = job.metadata;
  const ttl = job.spec.ttlSecondsAfterFinished;
  const at = Date.parse(endOf(job)?.lastTransitionTime ?? "");
  if (ttl !== undefined && now - at >= ttl * 1_000) world.store.delete("batch/v1/jobs", namespace, name);
}

function write({ store }: World, { metadata: { namespace, name } }: Job, status: JobStatus): void {
  store.modify("batch/v1/jobs", namespace, name, (job) => ({ ...job, status }));
}

function ended(pod: Pod, failed: boolean): Pod {
  const conditions = (pod.status?.conditions ?? []).map((held) =>
    held.type.endsWith("Ready") ? { ...held, status: "False" as const } : held,
  );
  return { ...pod, status: { ...pod.status, phase: failed ? "Failed" : "Succeeded", conditions } };
}
