import type { EvidenceKind } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** How many changes landed between it and the incident: the more, the less is it the likeliest. */
export const laterChanges: EvidenceKind = (candidate, { survey, regime }) => {
  const seen = survey.of(candidate);
  if (!seen || regime !== "landings") return undefined;
  return {
    kind: "later-changes",
    features: { later: Math.log1p(seen.later) },
    text: () =>
      seen.later === 0
        ? "It is the last change that landed before the incident."
        : `${count(seen.later, "change")} landed after it and before the incident: the more, the less likely it is.`,
  };
};
