import type { EvidenceKind } from "./scene.ts";
import { duration } from "#analysis/words.ts";

const HOUR = 3_600_000;

/** How long before the climb it landed: for landings of which nobody knows when they began to run. */
export const lag: EvidenceKind = ({ landing, at }, { onset, regime }) => {
  if (!landing || regime !== "landings") return undefined;
  const hours = Math.max(0, onset.at - at) / HOUR;
  const log = Math.log2(1 + hours * 60);
  return {
    kind: "lag",
    features: {
      lag: log,
      lagBend: (log - 7) ** 2 / 10,
      lagUnderQuarterHour: hours < 0.25 ? 1 : 0,
      lagUnderHour: hours < 1 ? 1 : 0,
      lagOverDay: hours > 24 ? 1 : 0,
      lagOverTwoDays: hours > 48 ? 1 : 0,
    },
    text: () => `It landed ${duration(onset.at - at)} before the incident.`,
  };
};
