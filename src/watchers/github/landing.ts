import type { Author, ChangedFile, Landing } from "#domain/change.ts";
import type { Instant } from "#domain/workload.ts";

/** What is known of a commit, whichever door it came in by. */
export interface LandedCommit {
  readonly repository: string;
  readonly branch: string;
  readonly sha: string;
  readonly at: Instant;
  readonly message: string;
  readonly author: Author;
  readonly url: string;
  readonly files: readonly ChangedFile[];
  /** When there are more than `files`. */
  readonly filesTotal?: number;
}

/** Paths that a landing carries. */
export const maxFiles = 3_000;
const maxMessage = 10_000;
const maxPath = 4_096;
const maxName = 200;

/** The same landing, field for field, from a webhook and from the API. */
export function toLanding(commit: LandedCommit): Landing {
  const { repository, branch, sha, at, url } = commit;
  const message = cut(commit.message, maxMessage);
  const pullRequest = pullRequestOf(message);
  const files = commit.files.toSorted(byPath);
  return {
    kind: "landing",
    id: `landing/${repository}/${sha}`,
    at,
    repository,
    branch,
    sha,
    author: toAuthor(commit.author),
    message,
    files: files.slice(0, maxFiles).map((file) => ({ ...file, path: cut(file.path, maxPath) })),
    filesTotal: commit.filesTotal ?? files.length,
    url,
    ...(pullRequest !== undefined && { pullRequest }),
  };
}

/** The number in `Merge pull request #123 from ...`, GitHub's title of a merge commit. */
export function mergedPullRequest(message: string): number | undefined {
  const number = /^Merge pull request #(\d{1,9})\b/.exec(message)?.[1];
  return number ? Number(number) : undefined;
}

/** From a merge's title, or from the end of a squash's: `... (#123)`. */
function pullRequestOf(message: string): number | undefined {
  const title = message.split(/\r?\n/, 1)[0] ?? "";
  const squashed = /\(#(\d{1,9})\)\s*$/.exec(title)?.[1];
  return mergedPullRequest(message) ?? (squashed ? Number(squashed) : undefined);
}

function toAuthor({ name, email, login }: Author): Author {
  return { name: cut(name, maxName), ...(email && { email: cut(email, maxName) }), ...(login && { login: cut(login, maxName) }) };
}

/** Cuts by UTF-16 units, without leaving half a character. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text.toWellFormed() : text.slice(0, most).toWellFormed();
}

function byPath(a: ChangedFile, b: ChangedFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
