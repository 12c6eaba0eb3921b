import type { Instant, Preempted } from "#domain/workload.ts";
import type { Landing, OtherChange } from "#domain/change.ts";
import { type EvidenceKind, opposes, supports } from "./scene.ts";
import { diffLines } from "./diff-lines.ts";
import { count } from "#analysis/words.ts";

const MINUTE = 60_000;
/** Fewer pods are lost every day. */
const LEAST_PODS = 3;
/** Pods go before the count climbs, and while it does. */
const BEFORE_MS = 20 * MINUTE;
const AFTER_MS = 5 * MINUTE;
const NAMES_A_CLASS = /\bpriorityClassName\b|\bkind:\s*["']?PriorityClass\b/;
const ABOUT_A_CLASS = /priority-?_?class/i;

/**
 * Where the scheduler took pods of the workload away for pods of higher priority, what changed priorities is suspected, and
 * what changed the workload itself is not. After an outage that was told in public: Grafana Labs, July 2019.
 */
export const preempted: EvidenceKind = ({ landing, other, rollout }, { preempted: lost }) => {
  if (!lost) return undefined;
  const what = `The scheduler took ${count(lost.pods, "pod")} of this workload away for pods of higher priority`;
  if (other && isClass(other)) return supports("preempted", 7, `${what}; this changed which pods those are.`);
  if (landing && changesClasses(landing)) return supports("preempted", 5, `${what}; its files say which pods those are.`);
  return landing || rollout ? opposes("preempted", 4.5, `${what}: code does not explain that.`) : undefined;
};

/** What was lost around an onset, if it is enough to matter. */
export function lostAround(lost: Preempted | undefined, onsetAt: Instant): Preempted | undefined {
  if (!lost || lost.pods < LEAST_PODS) return undefined;
  return lost.firstAt <= onsetAt + AFTER_MS && lost.lastAt >= onsetAt - BEFORE_MS ? lost : undefined;
}

/** Is there anything in the window that changed priorities? */
function isClass(change: OtherChange): boolean {
  return change.kind === "config-edit" && change.object === "PriorityClass";
}

function changesClasses(landing: Landing): boolean {
  if (landing.files.some(({ path }) => ABOUT_A_CLASS.test(path))) return true;
  // Added or removed.
  const named = diffLines(
    landing,
    () => true,
    (line) => /^[+-]/.test(line) && NAMES_A_CLASS.test(line.slice(0, 400)),
  );
  return named.length > 0;
}
