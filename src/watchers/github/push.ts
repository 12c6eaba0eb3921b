import { z } from "zod";
import type { ChangedFile, Landing } from "#domain/change.ts";
import { mergedPullRequest, toLanding } from "./landing.ts";
import { shaSchema, timeSchema, urlSchema } from "./schema.ts";

const paths = z.array(z.string()).default([]);

/** What we read of GitHub's push payload (https://docs.github.com/en/webhooks/webhook-events-and-payloads#push). The body's size bounds the rest. */
export const pushSchema = z.object({
  ref: z.string().max(1_000),
  before: shaSchema,
  after: shaSchema,
  deleted: z.boolean().default(false),
  repository: z.object({
    full_name: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
    default_branch: z.string().min(1).max(255),
  }),
  commits: z
    .array(
      z.object({
        id: shaSchema,
        message: z.string(),
        timestamp: timeSchema,
        url: urlSchema,
        author: z.object({ name: z.string().nullish(), email: z.string().nullish(), username: z.string().nullish() }),
        added: paths,
        removed: paths,
        modified: paths,
      }),
    )
    .max(10_000),
});

export type Push = z.infer<typeof pushSchema>;
type PushedCommit = Push["commits"][number];

/**
 * What a push to the default branch landed, oldest first. A pull request's merge commit takes in the commits pushed before it.
 * `distinct` is not asked: a commit that another branch had before still lands here now.
 */
export function toLandings({ repository: { full_name: repository, default_branch: branch }, commits }: Push): Landing[] {
  const landings: Landing[] = [];
  let waiting: PushedCommit[] = [];
  const land = (commit: PushedCommit, absorbed: readonly PushedCommit[]) => {
    const { id: sha, timestamp: at, message, url } = commit;
    const author = (absorbed.at(-1) ?? commit).author;
    landings.push(
      toLanding({
        repository,
        branch,
        sha,
        at,
        message,
        url,
        author: {
          name: author.name || author.username || "unknown",
          email: author.email ?? undefined,
          login: author.username ?? undefined,
        },
        files: netFiles([...absorbed, commit]),
      }),
    );
  };
  for (const commit of new Map(commits.map((commit) => [commit.id, commit])).values()) {
    if (mergedPullRequest(commit.message) === undefined) {
      waiting.push(commit);
      continue;
    }
    land(commit, waiting);
    waiting = [];
  }
  for (const commit of waiting) land(commit, []);
  return landings;
}

type Status = "added" | "removed" | "modified";

/** What several commits did to each path, taken together; a file that came and went is left out. */
function netFiles(commits: readonly PushedCommit[]): ChangedFile[] {
  const spans = new Map<string, readonly [first: Status, last: Status]>();
  for (const commit of commits)
    for (const status of ["removed", "added", "modified"] as const)
      for (const path of commit[status]) spans.set(path, [spans.get(path)?.[0] ?? status, status]);
  return [...spans].flatMap(([path, [first, last]]): ChangedFile[] => {
    if (first === "added") return last === "removed" ? [] : [{ path, status: first }];
    return [{ path, status: last === "removed" ? last : "modified" }];
  });
}
