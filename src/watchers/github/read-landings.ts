import type { Author, ChangedFile } from "#domain/change.ts";
import type { GitHubClient } from "#clients/github/client.ts";
import type { GitHubPort } from "#domain/ports/cluster.ts";
import { mapBounded } from "./map-bounded.ts";
import { maxFiles, mergedPullRequest, toLanding } from "./landing.ts";
import { readFirstParents } from "./first-parents.ts";
import { type CommitFile, type ListedCommit, commitFilesSchema, commitSchema, parseAnswer } from "./schema.ts";

/** What only a commit's own page says. */
interface Details {
  readonly author: Author;
  readonly files: readonly ChangedFile[];
  readonly filesTotal: number;
}

/** GitHub shows 300 files a page and 3,000 in all. */
const maxFilePages = 10;

/** How a reader goes about it. */
export interface LandingsReaderOptions {
  /** Requests under way at once; 5. */
  readonly concurrency?: number;
  /** Landings whose paths are remembered, so that a job that is tried again goes on; 2,000. */
  readonly remembered?: number;
}

/** Reads what landed, one request a landing; those read before are remembered. */
export function createLandingsReader(
  client: GitHubClient,
  { concurrency = 5, remembered = 2_000 }: LandingsReaderOptions,
): GitHubPort["landingsSince"] {
  const known = new Map<string, Details>();
  const remember = (key: string, details: Details) => {
    known.set(key, details);
    const oldest = known.keys().next().value;
    if (known.size > remembered && oldest !== undefined) known.delete(oldest);
  };
  return async (repository, branch, since) => {
    const { chain, listed } = await readFirstParents(client, repository, branch, since);
    return mapBounded(chain.toReversed(), concurrency, async (commit) => {
      const key = `${repository}@${commit.sha}`;
      const details = known.get(key) ?? (await readDetails(client, repository, commit, listed));
      remember(key, details);
      const { sha, html_url: url, commit: said } = commit;
      return toLanding({
        ...details,
        repository,
        branch,
        sha,
        at: said.committer?.date ?? said.author?.date ?? since.at,
        message: said.message,
        url,
      });
    });
  };
}

async function readDetails(
  client: GitHubClient,
  repository: string,
  commit: ListedCommit,
  listed: ReadonlyMap<string, ListedCommit>,
): Promise<Details> {
  const files: CommitFile[] = [];
  let more = true;
  for (let page = 1; more && page <= maxFilePages; page++) {
    const found = await client.get(repository, "/commits/{ref}", { ref: commit.sha, ...(page > 1 && { page }) });
    if (found.kind === "absent") break;
    files.push(...parseAnswer(commitFilesSchema, found.data, repository).files);
    more = found.more;
  }
  const paths = files.flatMap(toPaths);
  const cutShort = more && files.length >= maxFiles ? 1 : 0;
  return { author: await readAuthor(client, repository, commit, listed), files: paths, filesTotal: paths.length + cutShort };
}

/** Who wrote it: of a pull request's merge not who pressed the button, but the author of the newest commit that it brought in. */
async function readAuthor(
  client: GitHubClient,
  repository: string,
  commit: ListedCommit,
  listed: ReadonlyMap<string, ListedCommit>,
): Promise<Author> {
  const brought = commit.parents[1]?.sha;
  if (!brought || mergedPullRequest(commit.commit.message) === undefined) return toAuthor(commit);
  const known = listed.get(brought);
  if (known) return toAuthor(known);
  const found = await client.get(repository, "/commits/{ref}", { ref: brought });
  return toAuthor(found.kind === "found" ? parseAnswer(commitSchema, found.data, repository) : commit);
}

function toAuthor({ commit, author }: ListedCommit): Author {
  return {
    name: commit.author?.name || author?.login || "unknown",
    email: commit.author?.email ?? undefined,
    login: author?.login,
  };
}

/** As a push tells it: a renamed file went at one path and came at another. Sizes and patches are read for suspects only. */
function toPaths({ filename, previous_filename: previous, status }: CommitFile): ChangedFile[] {
  switch (status) {
    case "unchanged":
      return [];
    case "removed":
      return [{ path: filename, status }];
    case "renamed":
      return [...(previous ? [{ path: previous, status: "removed" as const }] : []), { path: filename, status: "added" }];
    case "added":
    case "copied":
      return [{ path: filename, status: "added" }];
    default:
      return [{ path: filename, status: "modified" }];
  }
}
