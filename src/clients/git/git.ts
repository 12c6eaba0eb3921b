import { spawn } from "node:child_process";
import { delimiter, isAbsolute } from "node:path";
import { stat } from "node:fs/promises";

/**
 * A clone is foreign data: its configuration could name programs to run (pager, file system monitor, signature check, external diff,
 * text conversion, transports for what a partial clone lacks). None of them may. See `git help config` and `git help git`.
 */
const safeOptions = [
  "--no-pager",
  "--literal-pathspecs",
  ...[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=false",
    "core.alternateRefsCommand=false",
    "core.quotePath=true",
    "log.showSignature=false",
    "log.showRoot=true",
    "diff.external=",
    "protocol.allow=never",
  ].flatMap((setting) => ["-c", setting]),
];

/** For every command that shows changes: nothing of the clone's own configuration, and names as they are. */
export const plainDiff = [
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--no-relative",
  "--submodule=short",
  "--ignore-submodules=none",
  "-O/dev/null",
  "-l1000",
];

/** What a person has to know when git cannot do it. */
export class GitError extends Error {
  override readonly name = "GitError";
}

/** Longest that one call may take, wall ms. */
const maxMs = 5 * 60_000;

/** Runs git in a folder, without a shell, and gives its output piece by piece; throws GitError when it fails. Stopping early ends git. */
async function* readGit(directory: string, args: readonly string[], input = ""): AsyncGenerator<Buffer, void, void> {
  await checkFolder(directory);
  const child = spawn("git", [...safeOptions, ...args], { cwd: directory, env: cleanEnvironment(), timeout: maxMs });
  const ended = new Promise<number | NodeJS.Signals | Error | null>((resolve) => {
    child.once("error", resolve);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (said.length < 4_000) said += chunk.toString("utf8");
  });
  // Git may end before it has read all of it.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const end = await ended;
    if (end !== 0) throw new GitError(sentenceOf(directory, end, said));
  } finally {
    child.kill("SIGKILL");
  }
}

/** The whole output as text; longer than `maxBytes` is an error. */
export async function readGitText(directory: string, args: readonly string[], maxBytes = 1_000_000): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readGit(directory, args)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes)
      throw new GitError(`Git's answer in "${directory}" is longer than ${maxBytes.toLocaleString("en-US")} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const longestRecord = 4 * 1024 * 1024;

/** The output cut at its NUL bytes. */
export async function* readGitRecords(
  directory: string,
  args: readonly string[],
  input = "",
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of readGit(directory, args, input)) {
    const records = (rest + decoder.decode(chunk, { stream: true })).split("\0");
    rest = records.pop() ?? "";
    if (rest.length > longestRecord) throw new GitError(`A single commit message or name in "${directory}" is longer than 4 MB`);
    yield* records;
  }
  if (rest !== "") yield rest;
}

async function checkFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new GitError(`Cannot read "${directory}": there is no such folder`);
}

/** Without GIT_*, which could point anywhere; nothing is asked, fetched or written; messages in English, to be recognised. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:GIT_|LC_|LANGUAGE$)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    // A relative entry would find a "git" that lies in the clone.
    PATH: (process.env["PATH"] ?? "").split(delimiter).filter(isAbsolute).join(delimiter),
    LC_ALL: "C",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ATTR_NOSYSTEM: "1",
  };
}

function sentenceOf(directory: string, end: unknown, said: string): string {
  if (end instanceof Error) {
    const missing = "code" in end && end.code === "ENOENT";
    return missing ? "Cannot run git: it is not installed, or not on the PATH" : `Cannot run git: ${end.message}`;
  }
  const place = `Cannot read the history of "${directory}"`;
  const [, other] = /dubious ownership in repository at '([^'\n]+)'/.exec(said) ?? [];
  if (other !== undefined)
    return `${place}: the folder belongs to another user, and git does not trust it. If you do: git config --global --add safe.directory ${JSON.stringify(other)}`;
  if (/not a git repository/i.test(said)) return `${place}: it is not a git repository`;
  if (/promisor|lazy fetch|transport '\w+' not allowed/i.test(said))
    return `${place}: it is a partial clone, and what it lacks is not fetched from here. Run "git fetch --refetch --no-filter" in it, or use a full clone`;
  if (end === "SIGTERM") return `${place}: git took longer than ${maxMs / 60_000} minutes`;
  const first = said.split("\n").find((line) => line.trim() !== "") ?? `git ended with ${String(end)}`;
  return `${place}: ${first.replace(/^(?:fatal|error): /, "").slice(0, 300)}`;
}
