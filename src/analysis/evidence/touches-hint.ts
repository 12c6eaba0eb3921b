import type { EvidenceKind } from "./scene.ts";
import { count, listed } from "#analysis/words.ts";

/** Whether it touches the directory that the service is thought to live in, as far as landings alone tell. */
export const touchesHint: EvidenceKind = (candidate, { survey, own, regime }) => {
  const seen = survey.of(candidate);
  if (!seen || regime !== "landings" || own.length === 0) return undefined;
  const { all, own: ours, ownLive, near } = seen.files;
  const isNear = near > 0 && ours === 0;
  return {
    kind: "touches-service",
    features: {
      service: Math.sign(ours),
      serviceWhole: ours > 0 && ours === all ? 1 : 0,
      serviceShare: ours / Math.max(1, all),
      serviceFiles: Math.log1p(ours),
      serviceLive: Math.sign(ownLive),
      serviceNear: isNear ? 1 : 0,
      // Among many changes a hit says more, among many of the service less.
      serviceAmong: ours > 0 ? Math.log(Math.max(1, survey.landings)) : 0,
      serviceAmongOwn: ours > 0 ? Math.log(Math.max(1, survey.ofService)) : 0,
    },
    text: () => sentence(ours, isNear, own),
  };
};

function sentence(ours: number, near: boolean, own: readonly string[]): string {
  if (ours > 0) return `It touches ${count(ours, "file")} of this service (${listed(own, 2)}).`;
  return near ? "It touches files near this service, none of its own." : "It touches no file of this service.";
}
