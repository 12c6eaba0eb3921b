import type { Ranker } from "./ranker.ts";
import type { Change } from "#domain/change.ts";
import type { SuspectSubject } from "#domain/diagnosis.ts";

/** Stands in until the history can rank: the newest first. */
export function createRecency(): Ranker {
  const changes: Change[] = [];
  return {
    add: (change) => void changes.push(change),
    rankAt: ({ at, windowMs = 72 * 3_600_000, leaveOut }) => {
      const window = changes
        .filter((change) => change.at > at - windowMs && change.at <= at && change.id !== leaveOut)
        .toReversed();
      const total = window.reduce((sum, _change, index) => sum + 1 / (index + 1), 0) + 1;
      return {
        suspects: window.map((change, index) => ({
          id: change.id,
          probability: 1 / (index + 1) / total,
          subject: subjectOf(change),
          evidence: [{ kind: "recency", for: true, weight: 1, text: `${index} changes came after it.` }],
        })),
        none: 1 / total,
        noneEvidence: [],
      };
    },
  };
}

function subjectOf(change: Change): SuspectSubject {
  if (change.kind === "landing") return { kind: "landing", landing: change };
  return change.kind === "rollout" ? { kind: "rollout", rollout: change } : { kind: "other", change };
}
