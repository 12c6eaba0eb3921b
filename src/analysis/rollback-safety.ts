import type { Landing, Rollout } from "#domain/change.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { whoseIs } from "./paths.ts";
import { migrationTool } from "./migrations.ts";
import { count } from "./words.ts";

const SHOWN = 20;

/** What a rollback undoes. */
export interface Undone {
  /** The rollouts from the guilty one on. */
  readonly rollouts: readonly Rollout[];
  /** The landings that they brought. */
  readonly landings: readonly Landing[];
  /** The suspect itself: its migrations count wherever they lie. */
  readonly suspect?: Landing;
  /** The owner's directory prefixes. */
  readonly own: readonly string[];
}

/** May the code go back without the schema? Told from the migration files in the range that a rollback undoes. */
export function rollbackSafety({ rollouts, landings, suspect, own }: Undone): RollbackSafety {
  const migrations = [
    ...new Set(landings.flatMap((landing) => migrationsOf(landing, landing.id === suspect?.id ? [] : own))),
  ].toSorted();
  if (migrations.length > 0) {
    return {
      verdict: "needs-down-migration",
      migrations: migrations.slice(0, SHOWN),
      reason: `A rollback undoes the code of ${count(migrations.length, "migration file")}, and leaves the database as it is.`,
    };
  }
  if (rollouts.length === 0)
    return { verdict: "unknown", migrations: [], reason: "Which rollout a rollback would undo is not known." };
  if (landings.length === 0 && rollouts.some(hasNewImage))
    return {
      verdict: "unknown",
      migrations: [],
      reason: "Which commits a rollback undoes is not known: look for migrations before going back.",
    };
  if (landings.some((landing) => landing.filesTotal > landing.files.length))
    return {
      verdict: "unknown",
      migrations: [],
      reason: "Not all files of the range are known: look for migrations before going back.",
    };
  return {
    verdict: "safe",
    migrations: [],
    reason: `No migration file among the ${count(new Set(landings.flatMap((landing) => landing.files.map((file) => file.path))).size, "file")} that a rollback undoes.`,
  };
}

function migrationsOf(landing: Landing, own: readonly string[]): string[] {
  return landing.files
    .map((file) => file.path)
    .filter((path) => migrationTool(path) !== undefined && whoseIs(path, own) !== "other");
}

function hasNewImage({ images, previous }: Rollout): boolean {
  return (
    previous === undefined ||
    images.some((one) => !previous.images.some((old) => old.container === one.container && old.image === one.image))
  );
}
