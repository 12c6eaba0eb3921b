import type { StepOrder } from "#domain/order.ts";
import type { KubeContainer, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import type { KubeCronJob, NewJob } from "#clients/kubernetes/jobs.ts";
import { digestOf } from "#lib/digest.ts";

/** On the workload: the name of a suspended CronJob in its namespace whose template takes migrations back. */
export const templateAnnotation = "k8s-why.dev/down-migration";

/** What the containers are told: the migration files to take back, newest first, one a line; paths as in the repository. */
const filesVariable = "K8S_WHY_MIGRATIONS";
/** Of them so many characters at most: the kernel takes 128 KiB a variable. */
const mostCharacters = 60_000;
/** A Job without a deadline of its own ends after so many seconds, and is kept for a day. */
const deadlineSeconds = 30 * 60;
const keptSeconds = 24 * 3_600;

/** The Job that the owner's template makes, as `kubectl create job --from=cronjob/...` would, told which files to take back. */
export function jobFrom(
  { spec: { jobTemplate } }: KubeCronJob,
  { incidentId, migrations = [] }: StepOrder,
  name: string,
): NewJob {
  const { spec, metadata = {} } = jobTemplate;
  return {
    metadata: {
      name,
      labels: { ...metadata.labels, "app.kubernetes.io/managed-by": "k8s-why" },
      annotations: { ...metadata.annotations, "k8s-why.dev/incident": incidentId },
    },
    spec: {
      activeDeadlineSeconds: deadlineSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      // Half a migration run twice is worse than one that failed.
      backoffLimit: 0,
      ...spec,
      template: told(spec.template, migrations.join("\n").slice(0, mostCharacters)),
    },
  };
}

/** What two people say yes to: all of it but the name, since each preview names another one. */
export function digestOfJob({ metadata: { name: _, ...metadata }, spec }: NewJob): string {
  return digestOf({ metadata, spec });
}

function told(template: KubePodTemplate, files: string): KubePodTemplate {
  if (!template.spec) return template;
  const tell = (container: KubeContainer): KubeContainer => ({
    ...container,
    env: [...(container.env ?? []).filter(({ name }) => name !== filesVariable), { name: filesVariable, value: files }],
  });
  return { ...template, spec: { ...template.spec, containers: template.spec.containers.map(tell) } };
}
