import { type EvidenceKind, supports } from "./scene.ts";
import { whoseIs } from "#analysis/paths.ts";
import { migrationTool } from "#analysis/migrations.ts";
import { listed } from "#analysis/words.ts";

/** It changes the database's schema, or says so. */
export const schema: EvidenceKind = ({ landing }, { own }) => {
  if (!landing) return undefined;
  const files = landing.files
    .map((file) => file.path)
    .filter((path) => migrationTool(path) !== undefined && whoseIs(path, own) !== "other");
  if (files.length > 0) return supports("schema", 0.8, `It changes the database's schema (${listed(files, 2)}).`);
  return /\b(migrations?|schema)\b/i.test(landing.message)
    ? supports("schema", 0.4, "Its message speaks of the database's schema.")
    : undefined;
};
