import { count, duration } from "#analysis/words.ts";
import { type Facts, type Rule, isRecent, quoted, revisionName } from "./facts.ts";

const MINUTE = 60_000;
/** A StatefulSet or DaemonSet has no deadline of its own: that of a Deployment unless it says another (`progressDeadlineSeconds`). */
const DEADLINE_MS = 10 * MINUTE;
/** A quota that a surge touches for a moment is no trouble. */
const CREATE_HOLD_MS = 2 * MINUTE;

/** The rollout has stopped short of its end. */
export const neverReady: Rule<Facts> = (facts) => {
  const { state, at, progressAt } = facts;
  if (!isStuck(facts)) return undefined;
  const still = Math.max(0, state.desired - state.ready);
  const waiting = state.pods?.unscheduled ?? 0;
  const why = waiting > 0 ? `, ${count(waiting)} wait for a node` : "";
  const text = `${revisionName(state)} has made no progress for ${duration(Math.max(DEADLINE_MS, at - progressAt))}: ${count(
    state.updated,
  )} of ${count(state.desired, "pod")} are of it, ${count(state.ready)} are ready${why}.`;
  return { kind: "never-ready", value: still, usual: 0, text, holdMs: 0, beganAt: progressAt };
};

function isStuck({ state, at, rolloutAt, progressAt }: Facts): boolean {
  if (state.workload.kind === "Deployment") return state.deadlineExceeded === true && !isQuota(state.cannotCreate);
  const unready = (state.pods?.unready ?? 0) + (state.pods?.unscheduled ?? 0);
  // Pods that wait in another namespace's way, or a partition that holds the rest back, are not unready.
  return rolloutAt !== undefined && unready > 0 && state.ready < state.desired && at - progressAt >= DEADLINE_MS;
}

/** Pods are refused by the API server: an admission webhook, a security policy. An exhausted quota is the namespace's illness. */
export const cannotCreate: Rule<Facts> = ({ state }) => {
  const { cannotCreate: message, total, desired } = state;
  const missing = Math.max(desired - total, desired - state.updated);
  if (message === undefined || isQuota(message) || missing <= 0) return undefined;
  const text = `${count(missing)} of ${count(desired, "pod")} cannot be created: ${quoted(message)}.`;
  return { kind: "cannot-create", value: missing, usual: 0, text, holdMs: CREATE_HOLD_MS };
};

/** Does the API server refuse for a quota? The words are those of its ResourceQuota admission plugin. */
export function isQuota(message: string | undefined): boolean {
  return message !== undefined && /exceeded quota/i.test(message);
}

/** Restarts that climb after a rollout, though its pods come back each time. */
export const restarting: Rule<Facts> = (facts) => {
  const { state, restarts, restartsBefore, memoryKills } = facts;
  const least = Math.max(3, 0.3 * state.desired, 3 * restartsBefore);
  if (!isRecent(facts) || restarts < least || memoryKills >= 2 || (state.pods?.crashing ?? 0) > 0) return undefined;
  const over = duration(Math.max(MINUTE, facts.at - facts.countedSince));
  const text = `The pods of ${revisionName(state).toLowerCase()} restart: ${count(restarts)} times in ${over} (${count(restartsBefore)} in ten minutes before it).`;
  return { kind: "restarting", value: restarts, usual: restartsBefore, text, holdMs: MINUTE };
};
