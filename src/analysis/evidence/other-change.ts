import type { Finding, EvidenceKind } from "./scene.ts";
import type { Bearing } from "#analysis/bearing.ts";
import { wordsOf } from "#domain/change-words.ts";
import { duration } from "#analysis/words.ts";

const HOUR = 3_600_000;

/** How near a change of another kind is to the workload. Set by hand: no public history of such changes is labelled. */
const NEAR: Readonly<Record<Bearing, readonly [number, string]>> = {
  own: [1.6, "It is about this workload"],
  place: [-0.3, "It is of this workload's namespace or repository, and not known to be somebody else's"],
  cluster: [-0.3, "It is about the whole cluster"],
  elsewhere: [-2.5, "It is about something else"],
};

/** A change that is neither a landing nor a rollout of the workload: how near it is. */
export const bearing: EvidenceKind = ({ bearing: near, other }) => {
  if (near === undefined) return undefined;
  const [weight, text] = NEAR[near];
  return { kind: "bearing", weight, text: () => `${text}${other ? `: ${wordsOf(other)}` : ""}.` };
};

/** How soon after such a change the climb began. */
export const soonAfter: EvidenceKind = ({ bearing: near, at }, { onset }): Finding | undefined => {
  if (near === undefined) return undefined;
  const ms = onset.at - at;
  const weight = ms <= HOUR / 4 ? 1.2 : ms <= HOUR ? 0.5 : ms <= 6 * HOUR ? 0 : ms <= 24 * HOUR ? -0.7 : -1.2;
  return { kind: "soon-after", weight, text: () => `The climb began ${duration(ms)} after it.` };
};
