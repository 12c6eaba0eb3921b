import { type EvidenceKind, opposes } from "./scene.ts";
import { isIdle } from "#analysis/paths.ts";

/** Documentation and tests do not run in production. */
export const idleFiles: EvidenceKind = ({ landing }, { regime }) => {
  if (regime === "landings" || !landing || landing.files.length === 0 || landing.filesTotal > landing.files.length)
    return undefined;
  return landing.files.every((file) => isIdle(file.path))
    ? opposes("idle-files", 4, "It touches documentation or tests only.")
    : undefined;
};
