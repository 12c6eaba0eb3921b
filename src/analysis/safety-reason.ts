import type { RollbackSafety } from "#domain/diagnosis.ts";
import type { Weighed } from "./migrations/weigh.ts";
import { count } from "./words.ts";

/** Room for the statement in a sentence, characters. */
const QUOTED = 90;

export interface Reasoning {
  readonly verdict: RollbackSafety["verdict"];
  /** What old code does not tolerate, worst first. */
  readonly worst: readonly Weighed[];
  readonly files: number;
  /** Paths of migrations that nobody read. */
  readonly unread: readonly string[];
  readonly isCut: boolean;
}

/** A sentence that a person can check: the statement that decides, its file, what it means and what to do. */
export function safetyReason({ verdict, worst, files, unread, isCut }: Reasoning): string {
  const [first] = worst;
  const rest = restOf(worst, unread, isCut);
  if (verdict === "safe")
    return `${count(files, "migration file")} only add${files === 1 ? "s" : ""} to the schema: the old code runs with it.`;
  if (first === undefined) {
    const file = unread[0];
    return `${file === undefined ? "Not all files of the range are known" : `${fileName(file)} was not read`}: look at the migrations before going back.${rest}`;
  }
  const said = `${quote(first)} ${first.because}`;
  if (verdict === "unknown") return `${said}: look at it before going back.${rest}`;
  if (verdict === "needs-down-migration") return `${said}. ${wayBackText(first)}${rest}`;
  const ending =
    first.effect === "loses"
      ? "Going back does not bring it back: fix forward, or restore it first."
      : "It has no way back: fix forward.";
  return `${said}. ${ending}${rest}`;
}

function wayBackText({ migration, effect }: Weighed): string {
  switch (migration.wayBack) {
    case "written":
      return "Its way back is written: run it with the rollback.";
    case "derived":
      return `${migration.tool} can take it back: run that with the rollback.`;
    case "none":
      return `No way back is written${effect === "strict" ? ", and one statement would do" : ""}.`;
    case "unknown":
      return "Whether it has a way back was not seen.";
  }
}

function quote({ operation, migration }: Weighed): string {
  const text = operation.text.length > QUOTED ? `${operation.text.slice(0, QUOTED - 1)}…` : operation.text;
  return text === "" ? fileName(migration.path) : `"${text}" in ${fileName(migration.path)}`;
}

function restOf(worst: readonly Weighed[], unread: readonly string[], isCut: boolean): string {
  const others = worst.slice(1);
  const unclear = others.filter(({ effect }) => effect === "unclear").length;
  const clear = others.length - unclear;
  return [
    clear > 0 ? ` ${count(clear, "more statement")} of the range ${clear === 1 ? "matters" : "matter"} too.` : "",
    unclear > 0 ? ` ${count(unclear, "more statement")} could not be read.` : "",
    worst.length > 0 && unread.length > 0
      ? ` ${count(unread.length, "migration file")} ${unread.length === 1 ? "was" : "were"} not read.`
      : "",
    worst.length > 0 && isCut ? " Not all files of the range are known." : "",
  ].join("");
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
