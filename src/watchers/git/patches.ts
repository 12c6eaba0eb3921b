import type { ChangedFile, Landing } from "#domain/change.ts";
import { GitError, plainDiff, readGitText } from "#clients/git/git.ts";
import { cut } from "#watchers/github/landing.ts";
import type { Clone } from "./clone.ts";
import { parseLog } from "./landings.ts";

const maxBytes = 20_000_000;
const maxPatch = 20_000;

/** The landing with the diff of each file, against its first parent; as it was where the diff is larger than 20 MB. */
export async function withPatches(clone: Clone, landing: Landing): Promise<Landing> {
  const show = [
    "log",
    "--max-count=1",
    "--diff-merges=first-parent",
    "-M",
    "--numstat",
    "-p",
    "-U3",
    "-z",
    "--format=%x01%x00%x00%x00%x00%x00%x00",
    "--no-show-signature",
    ...plainDiff,
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--end-of-options",
    landing.sha,
    "--",
  ];
  let text: string;
  try {
    text = await readGitText(clone.directory, show, maxBytes);
  } catch (error) {
    if (error instanceof GitError) return landing;
    throw error;
  }
  const begin = text.indexOf("\0\0diff --git ");
  if (begin < 0) return landing;
  const files = await readFiles(text.slice(0, begin));
  // Names in a diff are quoted, those before it are not: both list the files in the same order.
  const patches = text.slice(begin + 2).split(/^(?=diff --git )/m);
  if (patches.length !== files.length) return landing;
  const read = new Map(files.map(({ path }, index) => [path, hunks(patches[index] ?? "")]));
  return { ...landing, files: landing.files.map((file) => ({ ...file, ...patchOf(read.get(file.path)) })) };
}

function patchOf(patch: string | undefined): Pick<ChangedFile, "patch"> {
  return patch ? { patch: cut(patch, maxPatch) } : {};
}

async function readFiles(text: string): Promise<readonly ChangedFile[]> {
  for await (const { files } of parseLog(pieces(text))) return files.filter(({ status }) => status !== "removed");
  return [];
}

async function* pieces(text: string): AsyncGenerator<string, void, void> {
  yield* text.split("\0");
}

/** As GitHub gives it: from the first `@@`; nothing for a binary file. */
function hunks(patch: string): string {
  const begin = /^@@ /m.exec(patch)?.index;
  return begin === undefined ? "" : patch.slice(begin);
}
