import { isRevert } from "#analysis/past/reverts.ts";
import { type EvidenceKind, opposes } from "./scene.ts";

/** Reverts go back to what ran before. */
export const revert: EvidenceKind = ({ landing }) =>
  landing && isRevert(landing) ? opposes("revert", 3, "It is a revert: it goes back to code that ran before.") : undefined;
