import { expectKube, findKube } from "./answer.ts";
import type { KubeConnection } from "./connection.ts";
import type { KubeMeta, KubePodTemplate } from "./objects.ts";
import { listAll } from "./list.ts";
import { pathOf } from "./path.ts";

/** May hold more than is named here. */
export interface KubeJobSpec {
  readonly template: KubePodTemplate;
  readonly backoffLimit?: number;
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
}

export interface KubeJob {
  readonly metadata: KubeMeta;
  readonly spec: KubeJobSpec;
  readonly status?: {
    readonly succeeded?: number;
    readonly failed?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

export interface KubeCronJob {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly suspend?: boolean;
    readonly jobTemplate: { readonly metadata?: Partial<KubeMeta>; readonly spec: KubeJobSpec };
  };
}

/** What is sent to make a Job. */
export interface NewJob {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: KubeJobSpec;
}

const version = "batch/v1";

/** Reads one CronJob, or undefined. */
export function readCronJob(connection: KubeConnection, namespace: string, name: string): Promise<KubeCronJob | undefined> {
  return findKube(connection, { path: pathOf(version, namespace, "cronjobs", name) });
}

/** Reads one Job, or undefined. */
export function readJob(connection: KubeConnection, namespace: string, name: string): Promise<KubeJob | undefined> {
  return findKube(connection, { path: pathOf(version, namespace, "jobs", name) });
}

/** The Jobs of a namespace that match a label selector. */
export function listJobs(connection: KubeConnection, namespace: string, labelSelector: string): Promise<KubeJob[]> {
  return listAll(connection, pathOf(version, namespace, "jobs"), { labelSelector });
}

/** Creates a Job; StaleError when one of that name is there. */
export function createJob(
  connection: KubeConnection,
  namespace: string,
  job: NewJob,
  { dryRun = false, fieldManager }: { readonly dryRun?: boolean; readonly fieldManager?: string } = {},
): Promise<KubeJob> {
  return expectKube(connection, {
    method: "POST",
    path: pathOf(version, namespace, "jobs"),
    query: { ...(dryRun && { dryRun: "All" }), ...(fieldManager !== undefined && { fieldManager }) },
    body: { apiVersion: version, kind: "Job", ...job },
  });
}
