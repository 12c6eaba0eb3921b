import { type EvidenceKind, opposes, supports } from "./scene.ts";
import { duration } from "#analysis/words.ts";

/** A rollout shows in half-hourly medians a little before or after its moment; */
const SLACK_MS = 1_800_000;
/** and what creeps up is not quite a straight line: the longer it did, the less sharp is its beginning, by this share. */
const BLUR = 0.08;

/** Where a request got dearer slowly, long before the climb: did that begin with its rollout? */
export const creptUp: EvidenceKind = ({ rollout }, { drift, onset }) => {
  if (!drift || !rollout || rollout.at > onset.at) return undefined;
  const slack = SLACK_MS + BLUR * (drift.until - drift.at);
  const percent = `${Math.round(100 * (drift.growth - 1))} %`;
  if (rollout.at > drift.latest + slack)
    return opposes(
      "crept-up",
      4,
      `A request had been getting dearer for ${duration(rollout.at - drift.at)} when revision ${rollout.revision} brought it.`,
    );
  if (rollout.at < drift.earliest - slack)
    return opposes(
      "crept-up",
      3,
      `A request cost the same for ${duration(drift.at - rollout.at)} after revision ${rollout.revision} brought it.`,
    );
  return supports(
    "crept-up",
    4,
    `A request has been getting dearer since revision ${rollout.revision} brought it: by ${percent} in the ${duration(drift.until - drift.at)} before the climb.`,
  );
};
