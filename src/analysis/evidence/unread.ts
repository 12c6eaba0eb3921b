import type { Landing } from "#domain/change.ts";
import { type EvidenceKind, opposes } from "./scene.ts";

/** So that it is told. */
const TOKEN = 0.01;

/** Nobody should be told to revert a diff that was not read: it says so. It weighs nothing by itself; it caps the probability. */
export const unread: EvidenceKind = ({ landing }, { regime }) =>
  landing && regime === "rollouts" && !isRead(landing)
    ? opposes("unread", TOKEN, "Its diff was not read: judged by paths and message only.")
    : undefined;

/** At least one file came with its diff. */
export function isRead(landing: Landing): boolean {
  return landing.files.some((file) => file.patch !== undefined);
}
