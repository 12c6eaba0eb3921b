import { type EvidenceKind } from "./scene.ts";
import { duration } from "#analysis/words.ts";

/** It was reverted before the climb began. Learnt from landings; where rollouts are known, they say whether the revert runs. */
export const takenBack: EvidenceKind = ({ landing }, { past, onset, regime }) => {
  if (!landing || !past || regime !== "landings") return undefined;
  const at = past.revertedAt(landing.id);
  if (at === undefined || at > onset.at)
    return { kind: "taken-back", features: { takenBack: 0 }, text: () => "It was not reverted before the incident." };
  return {
    kind: "taken-back",
    features: { takenBack: 1 },
    text: () => `It was reverted ${duration(onset.at - at)} before the incident.`,
  };
};
