import { type EvidenceKind, opposes } from "./scene.ts";
import { duration } from "#analysis/words.ts";

/** It was not running when the climb began. */
export const notRunning: EvidenceKind = ({ landing, rollout }, { window, onset, regime }) => {
  if (!landing || regime === "landings") return undefined;
  if (rollout && rollout.at <= onset.at) return undefined;
  if (rollout)
    return opposes(
      "not-running",
      6,
      `It was not running when the climb began: revision ${rollout.revision} brought it ${duration(rollout.at - onset.at)} later.`,
    );
  return window.rollouts.length > 0
    ? opposes("not-running", 6, "No rollout of this workload has brought it: it was not running when the climb began.")
    : opposes("not-running", 4, "No rollout of this workload is known in the window, so it was most likely not running.");
};
