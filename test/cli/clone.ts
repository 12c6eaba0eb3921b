import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NOON, HOUR } from "#test/builders.ts";

/** A commit to be made; `at` in hours from noon. */
export interface Made {
  readonly at: number;
  readonly author?: string;
  readonly message?: string;
  /** Path to content; null removes. */
  readonly files?: Readonly<Record<string, string | null>>;
}

/** A real repository in a folder. */
export interface TestClone {
  readonly path: string;
  readonly git: (...args: string[]) => string;
  /** Commits on what is checked out and gives the sha. */
  readonly commit: (made: Made) => string;
  /** Commits on a branch of its own and merges it as GitHub does; gives the merge's sha. */
  readonly merge: (made: Made, title: string) => string;
}

export function aClone(path: string): TestClone {
  mkdirSync(path, { recursive: true });
  const run = (at: number, author: string, ...args: string[]) => {
    const date = `${Math.floor((NOON + at * HOUR) / 1_000)} +0000`;
    const email = `${author.toLowerCase()}@example.com`;
    const env = {
      PATH: process.env["PATH"],
      HOME: path,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    };
    return execFileSync("git", args, { cwd: path, env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  };
  const git = (...args: string[]) => run(0, "Ada", ...args);
  const commit = ({ at, author = "Ada", message = "Change", files = {} }: Made) => {
    for (const [name, content] of Object.entries(files)) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      if (content === null) rmSync(file);
      else writeFileSync(file, content);
    }
    git("add", "-A");
    run(at, author, "commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  git("init", "-q", "-b", "main");
  return {
    path,
    git,
    commit,
    merge: (made, title) => {
      git("checkout", "-q", "-b", "topic");
      commit(made);
      git("checkout", "-q", "main");
      run(made.at, "Merger", "merge", "-q", "--no-ff", "-m", title, "topic");
      git("branch", "-q", "-D", "topic");
      return git("rev-parse", "HEAD");
    },
  };
}
