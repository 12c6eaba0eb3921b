import { z } from "zod";

/** 40 hex digits. */
export const shaSchema = z.string().regex(/^[0-9a-f]{40}$/);

/** A link that a card may carry. */
export const urlSchema = z
  .string()
  .max(1_000)
  .regex(/^https?:\/\/[^\s<>|]+$/);

/** RFC 3339 to milliseconds. */
export const timeSchema = z
  .string()
  .max(40)
  .transform((text) => Date.parse(text))
  .refine((at) => Number.isFinite(at), "Expected a time in RFC 3339");

const signature = z.object({ name: z.string().nullish(), email: z.string().nullish(), date: timeSchema.optional() }).nullish();

/** A commit as lists show it: without files. GitHub leaves `author` null, or empty, when no account has the address. */
export const commitSchema = z.object({
  sha: shaSchema,
  html_url: urlSchema,
  parents: z.array(z.object({ sha: shaSchema })).max(100),
  commit: z.object({ message: z.string(), author: signature, committer: signature }),
  author: z.object({ login: z.string().optional() }).nullish(),
});

export const commitListSchema = z.array(commitSchema).max(1_000);
export type ListedCommit = z.infer<typeof commitSchema>;

/** A commit's own page carries one page of its files, at most 300. */
export const commitFilesSchema = z.object({
  files: z
    .array(
      z.object({
        filename: z.string().min(1),
        previous_filename: z.string().optional(),
        status: z.string(),
        additions: z.number().optional(),
        deletions: z.number().optional(),
        patch: z.string().optional(),
      }),
    )
    .max(1_000)
    .default([]),
});
export type CommitFile = z.infer<typeof commitFilesSchema>["files"][number];

export const comparisonSchema = z.object({ commits: z.array(z.object({ sha: shaSchema })).max(1_000) });

/** A tree with all that is below it; GitHub cuts it at 100,000 entries or 7 MB. */
export const treeSchema = z.object({
  tree: z
    .array(z.object({ path: z.string().min(1), type: z.string(), sha: z.string().max(64), size: z.number().optional() }))
    .max(200_000),
});
export type TreeEntry = z.infer<typeof treeSchema>["tree"][number];

/** A file of at most 1 MB. */
export const contentSchema = z.object({ encoding: z.literal("base64"), content: z.string().max(2_000_000) });

export const deploymentsSchema = z
  .array(
    z.object({
      sha: shaSchema,
      created_at: timeSchema,
      environment: z.string(),
      task: z.string().nullish(),
      description: z.string().nullish(),
      /** Whatever the sender gave: an object, or text. */
      payload: z.unknown(),
    }),
  )
  .max(1_000);
export type ListedDeployment = z.infer<typeof deploymentsSchema>[number];

/** GitHub's answer, checked; throws a sentence on another shape. */
export function parseAnswer<T>(schema: z.ZodType<T>, data: unknown, repository: string): T {
  const { data: parsed, error } = schema.safeParse(data);
  if (!error) return parsed;
  const [issue] = error.issues;
  throw new Error(
    `Cannot read GitHub's answer about "${repository}": ${issue?.path.join(".") || "it"} has another shape than expected`,
  );
}
