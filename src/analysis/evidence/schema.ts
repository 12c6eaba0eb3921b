import { type EvidenceKind, supports } from "./scene.ts";
import { whoseIs } from "#analysis/paths.ts";
import { migrationTool } from "#analysis/migrations.ts";
import { count } from "#analysis/words.ts";

/** It changes the database's schema, or says so. */
export const schema: EvidenceKind = ({ landing }, { own, regime }) => {
  if (!landing || regime === "landings") return undefined;
  const files = landing.files.filter(({ path }) => migrationTool(path) !== undefined && whoseIs(path, own) !== "other").length;
  if (files > 0) return supports("schema", 0.8, `It changes the database's schema (${count(files, "migration file")}).`);
  return /\b(migrations?|schema)\b/i.test(landing.message)
    ? supports("schema", 0.4, "Its message speaks of the database's schema.")
    : undefined;
};
