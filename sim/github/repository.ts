import type { Commit, Deployment, FileChange, RepositoryData } from "./types.ts";

/** GitHub's answer to a name: one commit, none, or too many. */
export type Resolved = { readonly kind: "one"; readonly commit: Commit } | { readonly kind: "none" | "ambiguous" };

/** What lies between two commits. */
export interface Comparison {
  readonly base: Commit;
  readonly mergeBase: Commit;
  /** Reachable from head and not from base, oldest first. */
  readonly ahead: readonly Commit[];
  readonly behind: number;
  readonly files: readonly FileChange[];
}

/** A repository in memory: a graph of commits and one branch. */
export interface Repository {
  readonly fullName: string;
  readonly branch: string;
  readonly contents: Readonly<Record<string, string>>;
  readonly deployments: Deployment[];
  head(): Commit;
  /** Adds commits to the graph; the last becomes the branch's head. */
  append(commits: readonly Commit[]): void;
  /** By branch, full sha or at least 4 of its digits. */
  resolve(name: string): Resolved;
  /** Everything reachable, newest first. */
  reachable(from: Commit): Commit[];
  compare(base: Commit, head: Commit): Comparison;
  /** The commit that a pull request landed as. */
  findPull(number: number): Commit | undefined;
}

/** A repository that starts with `data`. Throws when it has no commit. */
export function createRepository(data: RepositoryData): Repository {
  const graph = new Map<string, Commit>();
  const order = new Map<string, number>();
  let head: Commit | undefined;
  const append = (commits: readonly Commit[]) => {
    for (const commit of commits) {
      graph.set(commit.sha, commit);
      order.set(commit.sha, order.size);
      head = commit;
    }
  };
  append(data.commits);
  if (!head) throw new Error(`Cannot open repository "${data.fullName}": it has no commit`);
  const { fullName, branch } = data;
  const headNow = () => head as Commit;
  const ancestors = (from: Commit) => walk(graph, from);
  const newestFirst = (shas: Iterable<string>) =>
    [...shas].toSorted((a, b) => (order.get(b) ?? 0) - (order.get(a) ?? 0)).flatMap((sha) => graph.get(sha) ?? []);
  return {
    fullName,
    branch,
    contents: data.contents ?? {},
    deployments: [...(data.deployments ?? [])],
    head: headNow,
    append,
    resolve: (name) =>
      name === branch || name === `refs/heads/${branch}` || name === "HEAD"
        ? { kind: "one", commit: headNow() }
        : findBySha(graph, name),
    reachable: (from) => newestFirst(ancestors(from)),
    compare: (base, to) => compare({ base, to, before: ancestors(base), after: ancestors(to), newestFirst }),
    findPull: (number) => newestFirst(graph.keys()).find((commit) => commit.pullRequest === number),
  };
}

function findBySha(graph: ReadonlyMap<string, Commit>, name: string): Resolved {
  if (!/^[0-9a-f]{4,40}$/.test(name)) return { kind: "none" };
  const exact = graph.get(name);
  if (exact) return { kind: "one", commit: exact };
  const found = [...graph.values()].filter((commit) => commit.sha.startsWith(name));
  if (found.length > 1) return { kind: "ambiguous" };
  return found[0] ? { kind: "one", commit: found[0] } : { kind: "none" };
}

function walk(graph: ReadonlyMap<string, Commit>, from: Commit): Set<string> {
  const seen = new Set<string>([from.sha]);
  for (const sha of seen) for (const parent of graph.get(sha)?.parents ?? []) if (graph.has(parent)) seen.add(parent);
  return seen;
}

interface Sides {
  readonly base: Commit;
  readonly to: Commit;
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
  readonly newestFirst: (shas: Iterable<string>) => Commit[];
}

function compare({ base, to, before, after, newestFirst }: Sides): Comparison {
  const ahead = newestFirst([...after].filter((sha) => !before.has(sha))).reverse();
  const behind = [...before].filter((sha) => !after.has(sha)).length;
  const mergeBase = newestFirst([...after].filter((sha) => before.has(sha)))[0] ?? base;
  return { base, mergeBase: to.sha === base.sha ? base : mergeBase, ahead, behind, files: netFiles(ahead) };
}

/** A merge commit repeats what its branch did, so only commits with one parent count. */
function netFiles(commits: readonly Commit[]): FileChange[] {
  const net = new Map<string, FileChange>();
  for (const file of commits.filter(({ parents }) => parents.length < 2).flatMap((commit) => commit.files)) {
    const before = net.get(file.path);
    net.set(
      file.path,
      before
        ? {
            ...file,
            status: later(before, file),
            additions: before.additions + file.additions,
            deletions: before.deletions + file.deletions,
          }
        : file,
    );
  }
  return [...net.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function later(before: FileChange, after: FileChange): FileChange["status"] {
  return before.status === "added" && after.status === "modified" ? "added" : after.status;
}
