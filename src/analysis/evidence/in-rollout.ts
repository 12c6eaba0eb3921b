import { type EvidenceKind, supports } from "./scene.ts";
import { duration } from "#analysis/words.ts";

/** It came with the rollout that precedes the climb; or with one of two, where both may be. */
export const inRollout: EvidenceKind = ({ rollout, via }, { window, onset }) => {
  const { preceding, rival } = window;
  if (!rollout || (rollout.id !== preceding?.id && rollout.id !== rival?.id)) return undefined;
  const ago = `${duration(onset.at - rollout.at)} before the climb began`;
  if (rival)
    return supports(
      "in-rollout",
      1.7,
      `It came with revision ${rollout.revision}, one of two rollouts so shortly before the climb that it may be either's: ${ago}.`,
    );
  if (via === "itself")
    return supports("in-rollout", 2.5, `It is the last rollout before the climb: revision ${rollout.revision}, ${ago}.`);
  const how = via === "range" ? "" : ", as far as the order of landing and rollout tells";
  return supports(
    "in-rollout",
    via === "range" ? 2.5 : 2.2,
    `It came with revision ${rollout.revision}, the last rollout before the climb, ${ago}${how}.`,
  );
};
