import { type EvidenceKind, supports } from "./scene.ts";
import { duration } from "#analysis/words.ts";

const HOUR = 3_600_000;

/** How long before the climb it landed: all there is where no rollout of the workload is known. */
export const landed: EvidenceKind = ({ landing, at }, { window, onset }) => {
  if (!landing || window.rollouts.length > 0) return undefined;
  const weight = 2 - 0.4 * Math.log2(1 + (onset.at - at) / HOUR);
  return weight > 0 ? supports("landed", weight, `It landed ${duration(onset.at - at)} before the climb began.`) : undefined;
};
