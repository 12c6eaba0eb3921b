import { type EvidenceKind, opposes } from "./scene.ts";
import { duration } from "#analysis/words.ts";

const HOUR = 3_600_000;

/** It ran for a while, and another rollout came, before the climb began. The longer, the less likely. */
export const ranWell: EvidenceKind = ({ rollout }, { window, onset, drift }) => {
  if (drift || !rollout || rollout.at > onset.at || rollout.id === window.preceding?.id || rollout.id === window.rival?.id)
    return undefined;
  const calmMs = onset.at - rollout.at;
  const weight = Math.min(3.5, Math.max(0.5, 1.5 + 0.5 * Math.log2(calmMs / HOUR)));
  return opposes(
    "ran-well",
    weight,
    `Revision ${rollout.revision} brought it ${duration(calmMs)} before the climb began, and a later rollout came in between.`,
  );
};
