import type { Author, ChangedFile, Landing } from "#domain/change.ts";
import type { Instant } from "#domain/workload.ts";
import { plainDiff, readGitRecords } from "#clients/git/git.ts";
import { maxFiles, mergedPullRequest, toLanding } from "#watchers/github/landing.ts";
import type { Clone } from "./clone.ts";

/** Which landings of a clone are read. */
export interface LandingsQuery {
  /** Landings later than this are not read. */
  readonly until: Instant;
  readonly since: Instant;
  /** Newest first, no more than this many. */
  readonly atMost: number;
}

/** Starts a commit in the output; a line of numbers never does. */
const mark = "\u0001";
const format = `--format=${["%x01%H", "%P", "%ct", "%an", "%ae", "%B"].join("%x00")}%x00`;
/** A rebase can leave older dates between newer ones: the walk ends after this many in a row. */
const patience = 200;

/**
 * What landed on the branch, by first parents, so that a merge is one landing with all that it brought; oldest first. The time of
 * a landing is its committer's date.
 */
export async function readLandings(clone: Clone, { until, since, atMost }: LandingsQuery): Promise<Landing[]> {
  const args = [
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "-M",
    "--numstat",
    "-z",
    format,
    "--encoding=UTF-8",
    "--no-decorate",
    "--no-show-signature",
    ...plainDiff,
    `--max-count=${atMost}`,
    `--until=${Math.floor(until / 1_000)}`,
    "--end-of-options",
    clone.head,
    "--",
  ];
  const commits: Commit[] = [];
  let older = 0;
  for await (const commit of parseLog(readGitRecords(clone.directory, args))) {
    // The oldest commit of a shallow clone seems to add every file there is.
    if (clone.shallow && commit.parents.length === 0) break;
    if (commit.at > until) continue;
    older = commit.at < since ? older + 1 : 0;
    if (older > patience) break;
    if (older === 0) commits.push(commit);
  }
  const authors = await readMergedAuthors(clone, commits);
  return commits
    .toReversed()
    .map((commit) => toLandingOf(clone, commit, authors.get(commit.parents[1] ?? "") ?? commit.author))
    .toSorted((a, b) => a.at - b.at);
}

interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly at: Instant;
  readonly author: Author;
  readonly message: string;
  readonly files: ChangedFile[];
  filesTotal: number;
}

/** Reads `git log -z --numstat` with our format. Six fields, then a line of numbers for each file: `added TAB removed TAB path`, or an empty path and then the old and the new one. */
export async function* parseLog(records: AsyncIterable<string>): AsyncGenerator<Commit, void, void> {
  const state: LogState = { header: [], renamed: [] };
  for await (const record of records) {
    const isName = state.renamed.length > 0;
    if (!isName && isHeader(state)) readField(state, record);
    else if (!isName && record.startsWith(mark)) {
      if (state.commit) yield state.commit;
      delete state.commit;
      state.header = [record.slice(mark.length)];
    } else if (state.commit) readFile(state.commit, state, record);
  }
  if (state.commit) yield state.commit;
}

const fields = 6;

interface LogState {
  /** Of the commit that is being read, until all are there. */
  header: string[];
  commit?: Commit;
  /** Numbers and status of the names that are to come. */
  renamed: readonly FileLine[];
}

type FileLine = Omit<ChangedFile, "path">;

function isHeader({ header }: LogState): boolean {
  return header.length > 0 && header.length < fields;
}

function readField(state: LogState, record: string): void {
  state.header.push(record);
  if (!isHeader(state)) state.commit = toCommit(state.header);
}

function readFile(commit: Commit, state: LogState, record: string): void {
  const [name, ...others] = state.renamed;
  if (name) {
    state.renamed = others;
    return addFile(commit, { path: record, ...name });
  }
  const start = /^\n?(\d+|-)\t(\d+|-)\t/.exec(record);
  if (!start) return;
  const path = record.slice(start[0].length);
  const line = { ...toNumber("additions", start[1]), ...toNumber("deletions", start[2]) };
  if (path !== "") addFile(commit, { path, ...line });
  // Of a renamed file the old name is gone, and the numbers are the new one's.
  else state.renamed = [{ status: "removed" }, { status: "renamed", ...line }];
}

/** Binary files have dashes. */
function toNumber(name: "additions" | "deletions", text = "-"): FileLine {
  return text === "-" ? {} : { [name]: Number(text) };
}

function toCommit([sha = "", parents = "", at = "", name = "", email = "", message = ""]: readonly string[]): Commit {
  return {
    sha,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    at: Number(at) * 1_000,
    author: { name: name || "unknown", ...(email && { email }) },
    message,
    files: [],
    filesTotal: 0,
  };
}

function addFile(commit: Commit, file: ChangedFile): void {
  commit.filesTotal++;
  if (commit.files.length < maxFiles) commit.files.push(file);
}

function toLandingOf(clone: Clone, { sha, at, message, files, filesTotal }: Commit, author: Author): Landing {
  const { repository, branch, site } = clone;
  const url = site ? `${site}/commit/${sha}` : "";
  return toLanding({ repository, branch, sha, at, message: message.trimEnd(), author, url, files, filesTotal });
}

const merged = /^Merge branch '[^\n]{1,200}' into /;

/** Who wrote what a merged pull request brought in, not who pressed the button. */
async function readMergedAuthors(clone: Clone, commits: readonly Commit[]): Promise<Map<string, Author>> {
  const brought = commits.flatMap(({ message, parents }) =>
    parents[1] && (mergedPullRequest(message) !== undefined || merged.test(message)) ? [parents[1]] : [],
  );
  const authors = new Map<string, Author>();
  if (brought.length === 0) return authors;
  const args = [
    "log",
    "--stdin",
    "--no-walk=unsorted",
    "--ignore-missing",
    "-s",
    "-z",
    "--no-show-signature",
    "--encoding=UTF-8",
    "--format=%H%n%an%n%ae",
  ];
  for await (const record of readGitRecords(clone.directory, args, `${brought.join("\n")}\n`)) {
    const [sha = "", name = "", email = ""] = record.split("\n");
    if (name) authors.set(sha, { name, ...(email && { email }) });
  }
  return authors;
}
