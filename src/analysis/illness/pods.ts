import { count, duration } from "#analysis/words.ts";
import { type Facts, type Rule, isRecent, quoted, revisionName } from "./facts.ts";

const MINUTE = 60_000;
/** A pull or a start that fails once is tried again within a minute; after a rollout two minutes of it are a failure, */
const HOLD_MS = 2 * MINUTE;
/** and without one, say while a dependency restarts, five. */
const LONG_HOLD_MS = 5 * MINUTE;
/** Share of the pods that must be ill: after a rollout, and without one. */
const RECENT_SHARE = 0.1;
const SHARE = 0.25;

/** Pods in a crash loop. */
export const crashLoop: Rule<Facts> = (facts) => {
  const { pods } = facts.state;
  // A container killed for its memory crashes too, and that says more.
  if (!pods || !isEnough(facts, pods.crashing) || isMemory(facts)) return undefined;
  const exit = pods.exitCode === undefined ? "" : `exit code ${pods.exitCode}, `;
  const restarts = `${count(facts.restarts, "restart")} in ${duration(Math.max(MINUTE, facts.at - facts.countedSince))}`;
  const text = `${begin(facts)} ${share(facts, pods.crashing)} crash (${exit}${restarts}).`;
  return { kind: "crash-loop", value: pods.crashing, usual: 0, text, holdMs: holdOf(facts) };
};

/** Containers that the kernel kills for their memory, again and again. */
export const outOfMemory: Rule<Facts> = (facts) => {
  if (!isMemory(facts)) return undefined;
  const { memoryKills, at, countedSince } = facts;
  const crashing = facts.state.pods?.crashing ?? 0;
  const times = `${count(memoryKills, "kill")} for memory (OOMKilled) in ${duration(Math.max(MINUTE, at - countedSince))}`;
  const text =
    crashing > 0
      ? `${begin(facts)} ${share(facts, crashing)} run out of memory: ${times}.`
      : `${revisionName(facts.state)} runs out of memory: ${times}.`;
  return { kind: "out-of-memory", value: memoryKills, usual: 0, text, holdMs: MINUTE };
};

/** Images that cannot be pulled. */
export const imagePull: Rule<Facts> = (facts) =>
  blocked(facts, "image-pull", facts.state.pods?.imagePull, "cannot pull their image");

/** Containers that cannot be made. */
export const badConfiguration: Rule<Facts> = (facts) =>
  blocked(facts, "bad-configuration", facts.state.pods?.misconfigured, "cannot start their container");

function blocked(facts: Facts, kind: "image-pull" | "bad-configuration", ill: number | undefined, what: string) {
  if (ill === undefined || !isEnough(facts, ill)) return undefined;
  const why = facts.state.pods?.message ? `: ${quoted(facts.state.pods.message)}` : "";
  return { kind, value: ill, usual: 0, text: `${begin(facts)} ${share(facts, ill)} ${what}${why}.`, holdMs: holdOf(facts) };
}

/** Killed at least twice in ten minutes after a rollout, else three times; and for a tenth or a quarter of the pods. */
function isMemory(facts: Facts): boolean {
  const recent = isRecent(facts);
  const least = Math.max(recent ? 2 : 3, (recent ? RECENT_SHARE : SHARE) * facts.state.desired);
  return facts.memoryKills >= least;
}

function isEnough(facts: Facts, ill: number): boolean {
  return ill > 0 && ill >= (isRecent(facts) ? RECENT_SHARE : SHARE) * podsOf(facts, ill);
}

function holdOf(facts: Facts): number {
  return isRecent(facts) ? HOLD_MS : LONG_HOLD_MS;
}

/** How many pods of the wanted revision there are; the cluster's count may lag behind the pods. */
function podsOf({ state }: Facts, ill: number): number {
  return Math.max(state.updated, ill);
}

function share(facts: Facts, ill: number): string {
  return `${count(ill)} of ${count(podsOf(facts, ill), "pod")}`;
}

function begin(facts: Facts): string {
  const { state } = facts;
  const name = revisionName(state);
  if (!isRecent(facts)) return `${name} ran before and does not now:`;
  return state.ready >= state.desired ? `${name} is not well:` : `${name} does not become ready:`;
}
