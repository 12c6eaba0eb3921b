import type { Landing, Rollout } from "#domain/change.ts";
import type { RollbackSafety, SchemaStatement } from "#domain/diagnosis.ts";
import type { ReadMigration } from "./migrations/operation.ts";
import { type Effect, type Weighed, weigh } from "./migrations/weigh.ts";
import { whoseIs } from "./paths.ts";
import { migrationTool } from "./migrations.ts";
import { safetyReason } from "./safety-reason.ts";
import { toTakeBack } from "./take-back.ts";
import { count } from "./words.ts";

const SHOWN = 20;
const STATEMENTS = 10;

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
  /** What the migrations do, of those whose diffs were read. */
  readonly read?: readonly ReadMigration[];
}

/** May the code go back without the schema? Told from the migrations in the range that a rollback undoes. Rules: docs/rollback-safety.md. */
export function rollbackSafety(undone: Undone): RollbackSafety {
  const { rollouts, landings } = undone;
  const found = landings.toSorted((one, other) => one.at - other.at).flatMap((landing) => migrationsOf(landing, undone));
  if (found.length > 0) return judge(found, undone);
  if (rollouts.length === 0) return notKnown("Which rollout a rollback would undo is not known.");
  if (landings.length === 0 && rollouts.some(hasNewImage))
    return notKnown("Which commits a rollback undoes is not known: look for migrations before going back.");
  if (landings.some(isCut)) return notKnown("Not all files of the range are known: look for migrations before going back.");
  return {
    verdict: "safe",
    migrations: [],
    reason: `No migration file among the ${count(new Set(landings.flatMap((landing) => landing.files.map((file) => file.path))).size, "file")} that a rollback undoes.`,
  };
}

function judge(found: readonly Found[], { landings, read = [] }: Undone): RollbackSafety {
  const byFile = new Map(read.map((one) => [keyOf(one.landing, one.path), one]));
  const texts = found.map((one) => byFile.get(keyOf(one.landing, one.path)));
  const unread = found.filter((_one, index) => texts[index] === undefined);
  const weighed = weigh(texts.filter((one) => one !== undefined));
  const worst = weighed.filter(({ effect }) => effect !== "tolerated").toSorted((one, other) => rank(one) - rank(other));
  const [first] = worst;
  const isWhole = unread.length === 0 && !landings.some(isCut);
  const verdict = verdictOf(first, isWhole);
  const paths = [...new Set([...worst.map(({ migration }) => migration.path), ...found.map(({ path }) => path).toSorted()])];
  return {
    verdict,
    migrations: paths.slice(0, SHOWN),
    takeBack: toTakeBack(paths, landings.some(isCut)),
    reason: safetyReason({
      verdict,
      worst,
      files: paths.length,
      unread: unread.map(({ path }) => path),
      isCut: landings.some(isCut),
    }),
    ...(weighed.length > 0 && {
      statements: [...worst, ...weighed.filter((one) => !worst.includes(one))].slice(0, STATEMENTS).map(toStatement),
    }),
    ...(unread.length > 0 && { unread: [...new Set(unread.map(({ landing }) => landing))].slice(0, SHOWN) }),
  };
}

/** The worst statement decides: lost data and missing ways back before all else, what is not known before safe. */
function verdictOf(worst: Weighed | undefined, isWhole: boolean): RollbackSafety["verdict"] {
  if (worst === undefined) return isWhole ? "safe" : "unknown";
  if (worst.effect === "unclear") return "unknown";
  return isForward(worst) ? "fix-forward" : "needs-down-migration";
}

/** Nothing brings it back. */
function isForward({ effect, migration }: Weighed): boolean {
  return effect === "loses" || (effect === "breaks" && migration.wayBack === "none");
}

const RANKS: Readonly<Record<Effect, number>> = { loses: 0, breaks: 2, strict: 3, unclear: 4, tolerated: 5 };

function rank(weighed: Weighed): number {
  return weighed.effect === "breaks" && isForward(weighed) ? 1 : RANKS[weighed.effect];
}

function toStatement({ migration, operation, effect }: Weighed): SchemaStatement {
  return {
    path: migration.path,
    text: operation.text || (operation.why ?? ""),
    destructive: effect === "loses" || effect === "breaks" || effect === "strict",
  };
}

interface Found {
  readonly landing: string;
  readonly path: string;
}

function migrationsOf(landing: Landing, { suspect, own }: Undone): Found[] {
  const within = landing.id === suspect?.id ? [] : own;
  return landing.files
    .map(({ path }) => path)
    .filter((path) => migrationTool(path) !== undefined && whoseIs(path, within) !== "other")
    .toSorted()
    .map((path) => ({ landing: landing.id, path }));
}

function keyOf(landing: string, path: string): string {
  return `${landing} ${path}`;
}

function isCut(landing: Landing): boolean {
  return landing.filesTotal > landing.files.length;
}

function notKnown(reason: string): RollbackSafety {
  return { verdict: "unknown", migrations: [], reason };
}

function hasNewImage({ images, previous }: Rollout): boolean {
  return (
    previous === undefined ||
    images.some((one) => !previous.images.some((old) => old.container === one.container && old.image === one.image))
  );
}
