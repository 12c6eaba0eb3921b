import { chain } from "#sim/github/commit.ts";
import type { Commit, FileChange, NewCommit, Person, RepositoryData } from "#sim/github/types.ts";

const ada: Person = { name: "Ada Byron", email: "ada@example.com", login: "ada" };
export const start = Date.UTC(2026, 2, 4, 1);

export function aFile(over: Partial<FileChange> = {}): FileChange {
  return {
    path: "services/cart/src/cart.ts",
    status: "modified",
    additions: 1,
    deletions: 1,
    patch: "@@ -1 +1 @@\n-a\n+b",
    ...over,
  };
}

export function aCommit(over: Partial<NewCommit> = {}): NewCommit {
  return { author: ada, at: start, message: "fix: a thing (#7)", files: [aFile()], pullRequest: 7, ...over };
}

/** `count` commits an hour apart, oldest first. */
export function someHistory(count: number): Commit[] {
  return chain(
    undefined,
    Array.from({ length: count }, (_, index) =>
      aCommit({ at: start + index * 3_600_000, message: `fix: number ${index}`, pullRequest: index }),
    ),
  );
}

export function aRepository(over: Partial<RepositoryData> = {}): RepositoryData {
  return {
    fullName: "acme/monorepo",
    branch: "main",
    commits: someHistory(5),
    contents: { ".github/CODEOWNERS": "* @acme/all\n" },
    ...over,
  };
}
