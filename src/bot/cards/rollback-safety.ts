import type { Block } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { code, escape } from "#bot/escape.ts";
import { count } from "#bot/words.ts";

/** What stands in the way of going back; nothing when it is safe. */
export function renderRollbackSafety(safety: RollbackSafety | undefined, most: number): Block[] {
  if (safety === undefined || safety.verdict === "safe") return [];
  return [section(`${title[safety.verdict]} ${escape(safety.reason, 400)}${evidence(safety, most)}`)];
}

const title = {
  unknown: ":grey_question: *Is it safe to roll back?* Not known:",
  "needs-down-migration": ":warning: *Code and schema must go back together.*",
  "fix-forward": ":no_entry: *Rolling back does not help: fix forward.*",
} satisfies Partial<Record<RollbackSafety["verdict"], string>>;

function evidence(safety: RollbackSafety, most: number): string {
  const files = most === 0 ? "" : migrationList(safety.migrations, most);
  return [...destructiveList(safety, Math.min(most, 3)), ...(files === "" ? [] : [files])].map((line) => `\n${line}`).join("");
}

/** Statements that the old code does not tolerate, at most `most` of them. */
function destructiveList({ statements = [] }: RollbackSafety, most: number): string[] {
  return statements
    .filter(({ destructive, text }) => destructive && text !== "")
    .slice(0, most)
    .map(({ text }) => `Statement: ${code(text, 160)}`);
}

/** Names of migration files, at most `most` of them. */
export function migrationList(migrations: readonly string[], most: number): string {
  const shown = migrations.slice(0, most).map((path) => `• ${code(path, 120)}`);
  const rest = migrations.length - shown.length;
  return [...shown, ...(rest > 0 ? [`• and ${count(rest)} more`] : [])].join("\n");
}
