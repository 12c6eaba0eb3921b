import { type EvidenceKind, type Finding, opposes, supports } from "./scene.ts";
import { duration } from "#analysis/words.ts";

const MINUTE = 60_000;

/** How soon after its rollout the climb began. */
export const delay: EvidenceKind = ({ rollout }, { window, onset, drift }) => {
  if (drift || !rollout || (rollout.id !== window.preceding?.id && rollout.id !== window.rival?.id)) return undefined;
  return after(onset.at - rollout.at);
};

function after(ms: number): Finding | undefined {
  if (ms <= 15 * MINUTE) return supports("delay", 1, `The climb began within ${duration(Math.max(ms, MINUTE))} of its rollout.`);
  if (ms <= 60 * MINUTE) return supports("delay", 0.4, `The climb began ${duration(ms)} after its rollout.`);
  return ms > 6 * 60 * MINUTE
    ? opposes("delay", ms > 24 * 60 * MINUTE ? 1 : 0.5, `It ran for ${duration(ms)} before the climb began.`)
    : undefined;
}
