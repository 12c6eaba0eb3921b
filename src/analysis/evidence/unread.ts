import type { Landing } from "#domain/change.ts";
import { type EvidenceKind, opposes } from "./scene.ts";
import { fileKinds } from "#analysis/past/file-kinds.ts";
import { isIdle } from "#analysis/paths.ts";
import { count } from "#analysis/words.ts";

/** So that it is told. */
const TOKEN = 0.01;

/** Nobody should be told to revert a diff that was not read: it says so. It weighs nothing by itself; it caps the probability. */
export const unread: EvidenceKind = ({ landing }, { regime }) =>
  landing && regime === "rollouts" && !isRead(landing) ? opposes("unread", TOKEN, sentence(landing)) : undefined;

/** At least half of what runs came with its diff. Pictures, lock files and generated code have none that anybody reads. */
export function isRead(landing: Landing): boolean {
  const { read, all } = readOf(landing);
  return read > 0 && 2 * read >= all;
}

function sentence(landing: Landing): string {
  const { read, all } = readOf(landing);
  return read === 0
    ? "Its diff was not read: judged by paths and message only."
    : `Of its diff only ${read} of ${count(all, "file")} were read: the rest is judged by paths and message.`;
}

/** Of the files that count, those whose diff was read; where none counts, of all. What the list leaves out counts. */
function readOf({ files, filesTotal }: Landing): { readonly read: number; readonly all: number } {
  const live = files.filter(({ path }) => isLive(path));
  const counted = live.length > 0 ? live : files;
  const read = counted.filter(({ patch }) => patch !== undefined).length;
  return { read, all: counted.length + Math.max(0, filesTotal - files.length) };
}

function isLive(path: string): boolean {
  const { generated, asset } = fileKinds(path);
  return !generated && !asset && !isIdle(path);
}
