import type { EvidenceKind } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** How busy its files are: much touched, by many, or untouched for long. */
export const fileHistory: EvidenceKind = ({ landing }, { past }) => {
  const facts = landing && past?.factsOf(landing.id);
  if (!facts) return undefined;
  const { fileLandings, newFiles, fileAgeDays, fileAuthors, days } = facts;
  return {
    kind: "file-history",
    features: {
      fileLandings: Math.log1p(fileLandings),
      newFiles,
      onlyNewFiles: newFiles === 1 ? 1 : 0,
      fileAge: Math.log1p(fileAgeDays),
      fileAuthors: Math.log1p(fileAuthors),
    },
    text: () =>
      fileLandings === 0
        ? `Nobody touched its files in ${count(days, "day")}.`
        : `${count(fileLandings, "change")} by ${fileAuthors === 1 ? "1 person" : `${count(fileAuthors)} people`} touched its busiest file within ${count(days, "day")}.`,
  };
};
