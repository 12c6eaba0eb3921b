import type { Landing } from "#domain/change.ts";
import { type EvidenceKind, supports } from "./scene.ts";
import { diffLines } from "./diff-lines.ts";
import { fileKinds } from "#analysis/past/file-kinds.ts";

const LINE_READ = 200;

/** What decides how much a pod may use, how many there are and how much they take at once, as it reads in settings. */
const SIGNS: readonly { readonly what: string; readonly changed: RegExp }[] = [
  {
    what: "autoscaler settings",
    changed:
      /\b(min_?replicas|max_?replicas|min_?replica_?count|max_?replica_?count|averageUtilization|averageValue|targetCPU\w*|target_?cpu\w*|stabilizationWindowSeconds|scaleUp|scaleDown|pollingInterval|cooldownPeriod)\b/i,
  },
  { what: "how many replicas run", changed: /^\s*["']?(replicas|replica_?count)["']?\s*[:=]/i },
  { what: "resource requests or limits", changed: /^\s*["']?(cpu|memory|resources|requests|limits)["']?\s*[:=]/i },
  {
    what: "how much is done at once",
    changed:
      /\b(pool_?size|max_?connections|max_?open|max_?idle|workers|threads|concurrency|max_?in_?flight|GOMAXPROCS|UV_THREADPOOL_SIZE)\b/i,
  },
  {
    what: "probes",
    changed: /\b(livenessProbe|readinessProbe|startupProbe|periodSeconds|failureThreshold|initialDelaySeconds)\b/,
  },
];

/** It changes settings that decide how many pods there are and what each can bear: seen in its diff. */
export const capacity: EvidenceKind = ({ landing }, { regime }) => {
  if (!landing || regime === "landings") return undefined;
  const changed = changedSettings(landing);
  const sign = SIGNS.find(({ changed: pattern }) => changed.some((line) => pattern.test(line)));
  return sign && supports("capacity", 0.6, `Its diff changes ${sign.what}.`);
};

/** Lines that it adds or takes away in settings, as far as their diffs were read. */
function changedSettings(landing: Landing): string[] {
  const lines = diffLines(
    landing,
    (path) => fileKinds(path).settings,
    (line) => /^[+-](?![+-]{2})/.test(line),
  );
  return lines.map((line) => line.slice(1, LINE_READ));
}
