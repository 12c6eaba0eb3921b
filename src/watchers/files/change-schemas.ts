import { z } from "zod";
import { idSchema, instantSchema, workloadSchema, workloadsSchema } from "./row.ts";

const base = { id: idSchema, at: instantSchema };
const text = z.string();
const count = z.number().int().min(0);

const authorSchema = z.union([
  text.transform((name) => ({ name })),
  z.object({ name: text, email: text.optional(), login: text.optional() }),
]);

const fileSchema = z.object({
  path: text.min(1),
  status: z.enum(["added", "modified", "removed", "renamed"]).optional().catch(undefined),
  additions: count.nullish().transform((value) => value ?? undefined),
  deletions: count.nullish().transform((value) => value ?? undefined),
  patch: text.nullish().transform((value) => value ?? undefined),
});

/** What arrived on a branch as one. */
export const pushSchema = z.object({
  ...base,
  repository: text.default("repository"),
  branch: text.default("main"),
  sha: text.optional(),
  author: authorSchema.default({ name: "unknown" }),
  message: text.default(""),
  files: z.array(fileSchema).default([]),
  filesTotal: count.optional(),
  url: text.default(""),
});

const imageSchema = z.union([
  text.transform((image) => ({ container: "", image })),
  z.object({ container: text.default(""), image: text }),
]);

const commit = text.regex(/^[0-9a-f]{7,64}$/i, "expected 7 to 64 hex digits").transform((sha) => sha.toLowerCase());
const rangeText = /^([0-9a-f]{7,64})?\.\.\.?([0-9a-f]{7,64})$/i;

/** `"base...head"`, `["base", "head"]` or `{"base", "head"}`: what ran before, and what runs since. */
const rangeSchema = z.union(
  [
    text.regex(rangeText).transform((range) => {
      const [, base, head = ""] = rangeText.exec(range.toLowerCase()) ?? [];
      return { head, ...(base && { base }) };
    }),
    z.tuple([commit, commit]).transform(([from, head]) => ({ base: from, head })),
    z.object({ base: commit.optional(), head: commit }),
  ],
  'expected "base...head", ["base", "head"] or {"base", "head"} with 7 to 64 hex digits each',
);

/** A workload starting to run a new pod template. */
export const rolloutSchema = z.object({
  ...base,
  workload: workloadSchema,
  images: z.array(imageSchema).max(100).default([]),
  commitRange: rangeSchema.nullish().transform((range) => range ?? undefined),
  revision: z.number().int().min(1).optional(),
  templateHash: text.max(200).optional(),
});

/** An object that workloads depend on, created, edited or deleted. */
export const configSchema = z.object({
  ...base,
  cluster: text.default("default"),
  object: text.max(200).default("ConfigMap"),
  namespace: text.max(200).optional(),
  name: text.min(1).max(500).optional(),
  what: z.enum(["created", "edited", "deleted"]).default("edited"),
  keys: z.array(text).default([]),
  workloads: workloadsSchema.default([]),
  tool: text.max(200).optional(),
  title: text.min(1).optional(),
  message: text.min(1).optional(),
  url: text.max(2_000).optional(),
  repository: text.optional(),
  paths: z.array(text).max(1_000).default([]),
});

/** A flag that was turned. */
export const flagSchema = z.object({
  ...base,
  title: text.min(1).optional(),
  name: text.min(1).optional(),
  message: text.min(1).optional(),
  by: text.max(200).optional(),
  url: text.max(2_000).optional(),
  workloads: workloadsSchema.default([]),
  repository: text.optional(),
  paths: z.array(text).max(1_000).default([]),
});

/** `spec.replicas` set by something that is not the autoscaler. */
export const scalingSchema = z.object({
  ...base,
  workload: workloadSchema,
  from: count,
  to: count,
  tool: text.max(200).optional(),
});
