import { createHash } from "node:crypto";
import type { Commit, NewCommit } from "./types.ts";

/** Gives a commit its place: the sha follows from parents, author, time, message and files. */
export function commitOnto(parents: readonly string[], commit: NewCommit): Commit {
  return { ...commit, parents, sha: sha1(JSON.stringify([parents, commit.author, commit.at, commit.message, commit.files])) };
}

/** Commits one after another on top of `head`. */
export function chain(head: string | undefined, commits: readonly NewCommit[]): Commit[] {
  const made: Commit[] = [];
  for (const commit of commits) {
    const parent = made.at(-1)?.sha ?? head;
    made.push(commitOnto(parent ? [parent] : [], commit));
  }
  return made;
}

/** A branch of commits that leaves `head` and comes back with a merge commit; the merge is last. */
export function mergeOnto(head: string, side: readonly NewCommit[], merge: NewCommit): Commit[] {
  const branch = chain(head, side);
  return [...branch, commitOnto([head, branch.at(-1)?.sha ?? head], merge)];
}

/** 40 hex digits. */
export function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
