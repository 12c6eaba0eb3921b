import type { GitHubClient } from "#clients/github/client.ts";
import type { Instant } from "#domain/workload.ts";
import { type ListedCommit, commitListSchema, parseAnswer } from "./schema.ts";

/** What a list of commits showed of a branch. */
export interface FirstParents {
  /** Newest first; the commits that the branch itself pointed at, one after another. */
  readonly chain: readonly ListedCommit[];
  /** Everything listed, also what a merge brought in. */
  readonly listed: ReadonlyMap<string, ListedCommit>;
}

const pageSize = 100;
const maxPages = 10;
/** GitHub's answer when there is no commit yet. */
const emptyRepository = 409;
/** Clocks differ, and `since` goes by the committer's clock. */
const skewMs = 10 * 60_000;
/** A known commit ends the walk by itself, so that older dates, as a rebase can leave them, cost nothing. */
const knownSkewMs = 24 * 3_600_000;

/** Walks a branch back by first parents to `since.sha`, or as far as a list of at most 1,000 commits from a little before `since.at` goes. */
export async function readFirstParents(
  client: GitHubClient,
  repository: string,
  branch: string,
  since: { sha?: string; at: Instant },
): Promise<FirstParents> {
  const listed = new Map<string, ListedCommit>();
  const chain: ListedCommit[] = [];
  const from = new Date(Math.max(0, since.at - (since.sha ? knownSkewMs : skewMs))).toISOString();
  let start = branch;
  let next: string | undefined;
  let more = true;
  for (let page = 1; more && page <= maxPages; page++) {
    const list = await readList(client, repository, branch, { sha: start, since: from, per_page: pageSize, page });
    for (const commit of list.commits) listed.set(commit.sha, commit);
    // The pages after the first start at the same commit, whatever is pushed meanwhile.
    if (page === 1) next = start = list.commits[0]?.sha ?? start;
    next = walk(listed, chain, next, since.sha);
    more = list.more && next !== undefined && next !== since.sha;
  }
  return { chain, listed };
}

type Query = Readonly<Record<string, string | number>>;

async function readList(
  client: GitHubClient,
  repository: string,
  branch: string,
  query: Query,
): Promise<{ commits: ListedCommit[]; more: boolean }> {
  const found = await client.get(repository, "/commits", query);
  if (found.kind === "found") return { commits: parseAnswer(commitListSchema, found.data, repository), more: found.more };
  if (found.status === emptyRepository) return { commits: [], more: false };
  throw new Error(
    `Cannot read the commits of "${branch}" in "${repository}": GitHub does not know them, or does not let us see them`,
  );
}

/** Adds to the chain what is listed; returns the commit that it waits for. */
function walk(
  listed: ReadonlyMap<string, ListedCommit>,
  chain: ListedCommit[],
  from: string | undefined,
  until: string | undefined,
): string | undefined {
  let next = from;
  while (next !== undefined && next !== until) {
    const commit = listed.get(next);
    if (!commit) break;
    chain.push(commit);
    next = commit.parents[0]?.sha;
  }
  return next;
}
