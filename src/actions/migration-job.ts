import type { StepOrder } from "#domain/order.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { KubeContainer, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import type { KubeCronJob, KubeJob, NewJob } from "#clients/kubernetes/jobs.ts";
import { digestOf } from "#lib/digest.ts";

/** On the workload: the name of a suspended CronJob in its namespace whose template takes migrations back. */
export const templateAnnotation = "k8s-why.dev/down-migration";

/** What the containers are told: the migration files to take back, newest first, one a line; paths as in the repository. */
const filesVariable = "K8S_WHY_MIGRATIONS";
/** Of them so many bytes at most: the kernel takes 128 KiB a variable. */
const mostBytes = 60_000;
/** A Job without a deadline of its own ends after so many seconds; each is kept for a day at least. */
const deadlineSeconds = 30 * 60;
const keptSeconds = 24 * 3_600;

/** By these we know a Job of ours again: the label to list by, and what it was made for. */
export const ownJobs = "app.kubernetes.io/managed-by=k8s-why";
const annotation = { incident: "k8s-why.dev/incident", workload: "k8s-why.dev/workload", digest: "k8s-why.dev/job-digest" };

/** A Job to be, and the digest that two people say yes to: of all of it but the name, since each preview names another one. */
export interface PlannedJob {
  readonly job: NewJob;
  readonly digest: string;
}

/** The Job that the owner's template makes, as `kubectl create job --from=cronjob/...` would, told which files to take back. */
export function jobFrom(
  { spec: { jobTemplate } }: KubeCronJob,
  { incidentId, workload, migrations = [] }: StepOrder,
  name: string,
): PlannedJob {
  const { spec, metadata = {} } = jobTemplate;
  const labels = { ...metadata.labels, "app.kubernetes.io/managed-by": "k8s-why" };
  const annotations = {
    ...metadata.annotations,
    [annotation.incident]: incidentId,
    [annotation.workload]: titleOf(workload),
  };
  const whole = {
    activeDeadlineSeconds: deadlineSeconds,
    // Half a migration run twice is worse than one that failed.
    backoffLimit: 0,
    ...spec,
    // One that ended must still be there when we look again after a crash: what is not there is made.
    ttlSecondsAfterFinished: Math.max(keptSeconds, spec.ttlSecondsAfterFinished ?? 0),
    template: told(spec.template, valueOf(migrations)),
  };
  const digest = digestOf({ metadata: { labels, annotations }, spec: whole });
  return {
    job: { metadata: { name, labels, annotations: { ...annotations, [annotation.digest]: digest } }, spec: whole },
    digest,
  };
}

/** Is it a down-migration of this workload? */
export function isOf({ metadata: { annotations } }: KubeJob, workload: WorkloadRef): boolean {
  return annotations?.[annotation.workload] === titleOf(workload);
}

/** Is it the very Job that was said yes to, made by us for this incident? */
export function isPlanned({ metadata: { annotations } }: KubeJob, incidentId: string, digest: string): boolean {
  return annotations?.[annotation.incident] === incidentId && annotations[annotation.digest] === digest;
}

function titleOf({ kind, name }: WorkloadRef): string {
  return `${kind}/${name}`;
}

/** Kubernetes expands `$(NAME)` in a value, and takes `$$` for a dollar; paths come from commits. */
function valueOf(files: readonly string[]): string {
  return files.join("\n").replaceAll("$", "$$$$");
}

/** Why a Job cannot be told all of what it is to take back: of half of it, nobody knows what it leaves. */
export function whyNotWhole({ migrations = [], migrationsCut }: StepOrder): string | undefined {
  const isLong = Buffer.byteLength(valueOf(migrations)) > mostBytes;
  if (!isLong && migrationsCut !== true) return undefined;
  return "Not all migration files of the range are known here, or they are too many for a Job: take them back by hand.";
}

function told(template: KubePodTemplate, files: string): KubePodTemplate {
  if (!template.spec) return template;
  const tell = (container: KubeContainer): KubeContainer => ({
    ...container,
    env: [...(container.env ?? []).filter(({ name }) => name !== filesVariable), { name: filesVariable, value: files }],
  });
  return { ...template, spec: { ...template.spec, containers: template.spec.containers.map(tell) } };
}
