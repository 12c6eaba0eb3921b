import type { Candidate } from "#analysis/correlate.ts";
import type { Rollout } from "#domain/change.ts";
import { type EvidenceKind, type Finding, supports } from "./scene.ts";
import { duration } from "#analysis/words.ts";

/** It came with the rollout that precedes the climb; or with one of two, where both may be. */
export const inRollout: EvidenceKind = ({ rollout, via }, { window, onset, drift }) => {
  const { preceding, rival } = window;
  if (drift || !rollout || (rollout.id !== preceding?.id && rollout.id !== rival?.id)) return undefined;
  return inOneOf(rollout, via, rival !== undefined, `${duration(onset.at - rollout.at)} before the climb began`);
};

function inOneOf({ revision }: Rollout, via: Candidate["via"], both: boolean, ago: string): Finding {
  if (both)
    return supports(
      "in-rollout",
      1.7,
      `It came with revision ${revision}, one of two rollouts so shortly before the climb that it may be either's: ${ago}.`,
    );
  if (via === "itself")
    return supports("in-rollout", 2.5, `It is the last rollout before the climb: revision ${revision}, ${ago}.`);
  const how = via === "range" ? "" : ", as far as the order of landing and rollout tells";
  return supports(
    "in-rollout",
    via === "range" ? 2.5 : 2.2,
    `It came with revision ${revision}, the last rollout before the climb, ${ago}${how}.`,
  );
}
