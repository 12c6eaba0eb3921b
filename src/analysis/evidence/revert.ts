import { type EvidenceKind, opposes } from "./scene.ts";

/** Reverts go back to what ran before. */
export const revert: EvidenceKind = ({ landing }) =>
  landing && /^\s*revert\b/i.test(landing.message)
    ? opposes("revert", 0.7, "It is a revert: it goes back to code that ran before.")
    : undefined;
