import type { EvidenceKind } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** How often what it touches was reverted of late. */
export const placeHistory: EvidenceKind = ({ landing }, { past }) => {
  const facts = landing && past?.factsOf(landing.id);
  if (!facts) return undefined;
  const { place, placeLandings, placeReverted, fileReverted, fileRevertedShare, days } = facts;
  return {
    kind: "place-history",
    features: {
      placeReverted: Math.log((placeReverted + 0.02) / (placeLandings + 1) + 0.01),
      fileRevertedShare: Math.log(fileRevertedShare + 0.02),
      fileReverted: Math.log1p(fileReverted),
      repositoryReverted: Math.log(facts.revertedShare + 0.002),
    },
    text: () =>
      placeLandings === 0
        ? `Nothing else landed in ${place || "its place"} in ${count(days, "day")}.`
        : `Of ${count(placeLandings, "earlier change")} in ${place} within ${count(days, "day")}, ${count(placeReverted)} had to be reverted.`,
  };
};
