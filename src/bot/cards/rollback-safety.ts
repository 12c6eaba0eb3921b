import type { Block } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { code, escape } from "#bot/escape.ts";
import { count } from "#bot/words.ts";

/** What stands in the way of going back; nothing when it is safe. */
export function renderRollbackSafety(safety: RollbackSafety | undefined, most: number): Block[] {
  if (safety === undefined || safety.verdict === "safe") return [];
  if (safety.verdict === "unknown")
    return [section(`:grey_question: *Is it safe to roll back?* Not known: ${escape(safety.reason, 240)}`)];
  return [
    section(
      `:warning: *Code and schema must go back together.* ${escape(safety.reason, 240)}\n${migrationList(safety.migrations, most)}`,
    ),
  ];
}

/** Names of migration files, at most `most` of them. */
export function migrationList(migrations: readonly string[], most: number): string {
  const shown = migrations.slice(0, most).map((path) => `• ${code(path, 120)}`);
  const rest = migrations.length - shown.length;
  return [...shown, ...(rest > 0 ? [`• and ${count(rest)} more`] : [])].join("\n");
}
