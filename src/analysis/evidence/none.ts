import type { Evidence } from "#domain/diagnosis.ts";
import type { Window } from "#analysis/correlate.ts";
import type { Onset } from "#analysis/onset.ts";
import { type Load, trafficShare } from "#analysis/traffic.ts";
import { opposes, supports } from "./scene.ts";
import { ratioText } from "#analysis/words.ts";

/** Reasons for and against "no change did it". */
export function noneEvidence(load: Load, window: Window, onset: Onset): Evidence[] {
  return [traffic(load), rolloutKnown(window, onset)].filter((evidence) => evidence !== undefined);
}

/** Requests rose as replicas did and cost the same as ever: traffic. Cost rose and requests did not: something changed. */
function traffic(load: Load): Evidence | undefined {
  const share = trafficShare(load);
  if (share === undefined || load.requests === undefined || load.cost === undefined) return undefined;
  const requests = ratioText(load.requests);
  const cost = ratioText(load.cost);
  if (share >= 0.6)
    return supports(
      "traffic",
      3 + 6 * Math.min(1, (share - 0.6) / 0.3),
      `Requests rose to ${requests} times usual, replicas to ${ratioText(load.replicas)} times, and a request costs ${cost} times what it did: this looks like traffic.`,
    );
  if (share <= 0.35)
    return opposes(
      "cost-rose",
      1.5,
      `A request costs ${cost} times what it did, while requests are at ${requests} times usual: traffic does not explain it.`,
    );
  return undefined;
}

function rolloutKnown({ preceding }: Window, onset: Onset): Evidence | undefined {
  return preceding && preceding.at <= onset.at
    ? undefined
    : supports("no-rollout", 2, "No rollout of this workload is known in the window before the climb.");
}
