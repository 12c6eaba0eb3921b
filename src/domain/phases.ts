import type { Incident } from "./incident.ts";
import type { Instant } from "./workload.ts";

/** One of the moments by which an incident is told afterwards. */
export interface Phase {
  readonly name: "Began" | "Noticed" | "Named" | "Mitigated" | "Recovered" | "Settled";
  readonly at: Instant;
  /** Since the first message, ms; absent for what lies before it. */
  readonly afterMs?: number;
}

/** The moments of an incident, by time as they are told: those that it has had. */
export function phasesOf(incident: Incident): readonly Phase[] {
  const { spike, diagnosis, openedAt, namedAt, mitigatedAt, recoveredAt, settledAt } = incident;
  const began = Math.min(spike.startedAt, diagnosis?.onsetAt ?? Infinity);
  const later = [
    { name: "Named", at: diagnosis?.named ? namedAt : undefined },
    { name: "Mitigated", at: mitigatedAt },
    { name: "Recovered", at: recoveredAt },
    { name: "Settled", at: settledAt },
  ] as const;
  return [
    { name: "Began", at: began },
    { name: "Noticed", at: openedAt },
    ...later.flatMap(({ name, at }) => (at === undefined ? [] : [{ name, at, afterMs: Math.max(0, at - openedAt) }])),
  ];
}
