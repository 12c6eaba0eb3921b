import type { EvidenceKind } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** How well its author knows the place, and how earlier changes of the author fared. */
export const authorHistory: EvidenceKind = ({ landing }, { past }) => {
  const facts = landing && past?.factsOf(landing.id);
  if (!facts) return undefined;
  const { byAuthor, byAuthorHere, revertedOfAuthor, authorAwayDays, authorKnowsFiles, days } = facts;
  return {
    kind: "author-history",
    features: {
      authorLandings: Math.log1p(byAuthor),
      authorNew: byAuthor < 10 ? 1 : 0,
      authorHere: Math.log1p(byAuthorHere),
      authorFirstHere: byAuthorHere === 0 ? 1 : 0,
      authorReverted: Math.log((revertedOfAuthor + 1) / (0.02 * byAuthor + 1)),
      authorRevertedShare: Math.log((revertedOfAuthor + 0.4) / (byAuthor + 20)),
      authorAway: Math.log1p(authorAwayDays),
      authorKnowsFiles: authorKnowsFiles ? 1 : 0,
    },
    text: () => {
      const here = byAuthorHere === 0 ? "nothing here before" : `${count(byAuthorHere, "change")} here before`;
      const taken = revertedOfAuthor > 0 ? `; ${count(revertedOfAuthor)} of their ${count(byAuthor)} changes were reverted` : "";
      return `Its author landed ${here} within ${count(days, "day")}${taken}.`;
    },
  };
};
