import { z } from "zod";
import { identitiesSchema, policySchema } from "./policy.ts";
import { slackSchema } from "./slack.ts";
import { defaultQueries } from "#watchers/prometheus/read.ts";

const repositoryName = z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, 'must be written "owner/name"');

const repositorySchema = z.strictObject({
  name: repositoryName.describe("owner/name on GitHub"),
  branch: z.string().min(1).default("main").describe("The branch that is deployed from"),
});

const ownershipSchema = z.strictObject({
  workload: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, 'must be written "namespace/name"')
    .describe("namespace/name of a Deployment"),
  repository: repositoryName.describe("Repository that its code lives in"),
  paths: z.array(z.string().min(1)).min(1).describe("Its directories in that repository"),
});

const downMigrationSchema = z.strictObject({
  workload: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, 'must be written "namespace/name"')
    .describe("namespace/name of a workload"),
  cronJob: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, "must be the name of a CronJob")
    .describe("A suspended CronJob in its namespace whose template takes migrations back"),
});

const detectionSchema = z.strictObject({
  ratio: z.number().min(1.2).max(10).default(2.2).describe("How many times its usual count a workload must reach; default 2.2"),
  smallCount: z
    .number()
    .int()
    .min(2)
    .max(100)
    .default(10)
    .describe("Workloads usually below this many pods must also grow by twelve; default 10"),
});

/** `k8s-why.yaml`. Unknown keys are refused: a typo must not pass for a setting. */
export const fileSchema = z.strictObject({
  cluster: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, "must be lower-case letters, digits, - and .")
    .default("default")
    .describe("Name of this cluster in messages and keys"),
  namespaces: z.array(z.string().min(1)).default([]).describe("Namespaces to watch; empty: all"),
  slack: slackSchema,
  policy: policySchema.prefault({}),
  identities: identitiesSchema
    .prefault({})
    .describe("Who people are in Kubernetes; who is named there must be allowed the act there too"),
  repositories: z.array(repositorySchema).default([]).describe("Repositories whose landings are candidates"),
  registries: z
    .array(z.string().regex(/^(http:\/\/)?[a-z0-9.-]+(:\d{1,5})?$/, 'must be written "host", "host:port" or "http://host:port"'))
    .default([])
    .describe("Registries whose images are asked which commit they were built from"),
  ownership: z.array(ownershipSchema).default([]).describe("Which code belongs to which workload"),
  downMigrations: z
    .array(downMigrationSchema)
    .default([])
    .describe("How the schema of a workload goes back; goes before its annotation k8s-why.dev/down-migration"),
  mostNodes: z
    .number()
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe("A guardrail of the agent: nodes that a drain empties at once; default 20"),
  detection: detectionSchema.prefault({}),
  windowHours: z.number().min(1).max(720).default(72).describe("How far back a change can be a suspect, in hours; default 72"),
  capMargin: z.number().min(1).max(3).default(1.25).describe("Cap: never below the usual peak times this; default 1.25"),
  queries: z
    .strictObject({
      replicas: z.string().min(1).default(defaultQueries.replicas),
      requests: z.string().min(1).default(defaultQueries.requests),
      latency: z.string().min(1).default(defaultQueries.latency),
      cpu: z.string().min(1).default(defaultQueries.cpu),
      errors: z.string().min(1).default(defaultQueries.errors),
    })
    .prefault({})
    .describe("PromQL; $selector becomes the label matchers of a workload, or nothing"),
});

export type FileConfiguration = z.infer<typeof fileSchema>;
