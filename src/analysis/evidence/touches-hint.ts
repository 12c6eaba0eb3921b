import type { EvidenceKind } from "./scene.ts";
import { count, listed } from "#analysis/words.ts";

/** Whether it touches the directory that the service is thought to live in, as far as landings alone tell. */
export const touchesHint: EvidenceKind = (candidate, { survey, own, regime }) => {
  const seen = survey.of(candidate);
  if (!seen || regime !== "landings" || own.length === 0) return undefined;
  const { own: ours, ownLive, sameTop, files } = seen;
  return {
    kind: "touches-service",
    features: {
      service: ours > 0 ? 1 : 0,
      serviceWhole: ours > 0 && ours === files.all ? 1 : 0,
      serviceShare: ours / Math.max(1, files.all),
      serviceFiles: Math.log1p(ours),
      serviceLive: ownLive > 0 ? 1 : 0,
      serviceNear: sameTop ? 1 : 0,
    },
    text: () =>
      ours > 0
        ? `It touches ${count(ours, "file")} of this service (${listed(own, 2)}).`
        : sameTop
          ? "It touches files near this service, none of its own."
          : "It touches no file of this service.",
  };
};
