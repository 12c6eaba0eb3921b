import { basename } from "node:path";
import { GitError, readGitText } from "#clients/git/git.ts";

/** A local clone, as far as a reader needs it. */
export interface Clone {
  readonly directory: string;
  /** `owner/name` where the clone knows it from GitHub's address, else the folder's name. */
  readonly repository: string;
  /** What was asked for, or what is checked out. */
  readonly branch: string;
  /** 40 or 64 hex digits: the commit that the branch points at. */
  readonly head: string;
  /** Without history beyond some depth. */
  readonly shallow: boolean;
  /** `https://github.com/owner/name`, where it is known. */
  readonly site?: string;
}

/** Finds the branch and where the clone comes from; throws GitError with a sentence. */
export async function openClone(directory: string, branch = "HEAD"): Promise<Clone> {
  const about = await readGitText(directory, ["rev-parse", "--is-shallow-repository", "--absolute-git-dir"]);
  const [shallow = "", gitDirectory = ""] = about.split("\n");
  const head = await resolveBranch(directory, branch);
  const name = (await tryGit(directory, ["symbolic-ref", "--quiet", "--short", "HEAD"])) ?? "HEAD";
  const known = await findGitHubName(directory);
  return {
    directory,
    repository: known ?? nameOf(gitDirectory),
    branch: branch === "HEAD" ? name : branch,
    head,
    shallow: shallow.trim() === "true",
    ...(known && { site: `https://github.com/${known}` }),
  };
}

/** The folder that holds `.git`, or that is a bare repository. */
function nameOf(gitDirectory: string): string {
  return basename(gitDirectory.trim().replace(/(?:^|\/)\.git(?:\/.*)?$/, "")).replace(/\.git$/, "") || "repository";
}

/** `owner/name`, where the clone came from github.com. */
async function findGitHubName(directory: string): Promise<string | undefined> {
  const remote = await tryGit(directory, ["config", "--local", "--get", "remote.origin.url"]);
  return /(?:^|[/@])github\.com[:/]+([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(remote ?? "")?.[1];
}

async function resolveBranch(directory: string, branch: string): Promise<string> {
  const head = await tryGit(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${branch}^{commit}`]);
  if (head !== undefined && /^[0-9a-f]{40,64}$/.test(head)) return head;
  throw new GitError(
    branch === "HEAD"
      ? `Cannot read the history of "${directory}": it has no commit yet`
      : `Cannot find "${branch}" in "${directory}": expected a branch, tag or commit that this clone has`,
  );
}

async function tryGit(directory: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await readGitText(directory, args)).trim();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
