import type { Landing } from "#domain/change.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import { type EvidenceKind, type Scene, opposes } from "./scene.ts";
import { whoseIs } from "#analysis/paths.ts";
import { listed } from "#analysis/words.ts";

/** Other services run it too and are well: it is hardly at fault, unless it touches what only this service runs. */
export const sameCommit: EvidenceKind = ({ landing }, scene) => {
  const others = landing ? othersWell(landing, scene) : [];
  if (others.length === 0) return undefined;
  const names = listed(others.map((key) => key.split("/").at(-1) ?? key));
  const text =
    others.length === 1
      ? `Another workload runs it too and answers as fast as before (${names}).`
      : `${others.length} other workloads run it too and answer as fast as before (${names}).`;
  return opposes("same-commit", Math.min(1.5, 0.5 + 0.35 * others.length), text);
};

function othersWell({ id, files }: Landing, { own, wellElsewhere, regime }: Scene): readonly WorkloadKey[] {
  const others = regime === "rollouts" && own.length > 0 ? wellElsewhere?.get(id) : undefined;
  return others && !files.some((file) => whoseIs(file.path, own) === "own") ? others : [];
}
