import { type Help, type Step, wasDone } from "#domain/plan.ts";
import type { Incident, Situation } from "#domain/incident.ts";
import type { Intent, IntentOf } from "#domain/intent.ts";
import type { Instant } from "#domain/workload.ts";
import { RECOVERED_AFTER_MS } from "./assess.ts";
import { checksOf } from "./checks.ts";
import { expectedAt } from "./course.ts";
import { isSuperseded } from "./superseded.ts";
import { count, duration, listed } from "./words.ts";

/** Readings lag behind an act by a moment. */
const SEEN_MS = 30_000;
/** What is put back later than this is another edit, and has its place in the timeline. */
const PUT_BACK_MS = 30 * 60_000;
/** A held count has been held for so long. */
const HELD_MS = 3 * 60_000;
/** A rollout has so long to make it well, or twice what was foretold. */
const WELL_MS = 15 * 60_000;
/** The node autoscaler needs about 10 minutes once a node is empty. */
const NODES_MS = 40 * 60_000;

type Facts = Pick<Incident, "now" | "usual" | "status" | "recoveredAt" | "course" | "plan"> &
  Partial<Pick<Incident, "illnesses">>;
type Judge = (step: Step, facts: Facts, sinceMs: number) => Omit<Help, "at"> | undefined;

/** Whether an act that was done has helped; undefined: it is too early to say, or there is nothing to judge. */
export function judgeHelp(step: Step, facts: Facts, now: Instant): Help | undefined {
  const { did, at = now } = step;
  const since = now - at;
  if (!wasDone(step) || did === undefined || since < SEEN_MS || isSuperseded(step, facts.plan)) return undefined;
  const judged = whenPutBack(did, facts, { at, since }) ?? whenLeft(step, facts, since);
  return judged && { at: now, ...judged };
}

function whenLeft(step: Step, facts: Facts, since: number): Omit<Help, "at"> | undefined {
  return step.helped?.ok ? step.helped : judges[step.kind]?.(step, facts, since);
}

function whenPutBack(
  did: Intent,
  { now }: Facts,
  { at, since }: { readonly at: Instant; readonly since: number },
): Omit<Help, "at"> | undefined {
  // A reading from before the act shows what stood there before.
  const isRead = now.readAt === undefined || now.readAt >= at;
  const back = isRead && since <= PUT_BACK_MS ? putBack(did, now) : undefined;
  return back === undefined
    ? undefined
    : { ok: false, text: `${back} Somebody or some tool put it back: the timeline says what was edited.` };
}

/** What stands there again instead of what we wrote. */
function putBack(did: Intent, now: Situation): string | undefined {
  return (backs[did.kind] as ((did: Intent, now: Situation) => string | undefined) | undefined)?.(did, now);
}

const ceilingAgain = ({ ceiling = 0 }: Situation) => `The ceiling is ${count(ceiling)} again.`;

const backs: { readonly [K in Intent["kind"]]?: (did: IntentOf<K>, now: Situation) => string | undefined } = {
  // One that was no lower than what stood there has lowered nothing.
  cap: (did, now) => (did.toMax < did.fromMax && (now.ceiling ?? 0) >= did.fromMax ? ceilingAgain(now) : undefined),
  lower: (did, now) => ((now.ceiling ?? 0) > did.toMax ? ceilingAgain(now) : undefined),
  restore: (did, now) => ((now.ceiling ?? Infinity) < did.toMax ? ceilingAgain(now) : undefined),
  rollback: (did, { templateHash }) =>
    templateHash === did.fromTemplateHash ? `The template of revision ${did.fromRevision} runs again.` : undefined,
  scale: (did, { desired }) => (desired === did.to ? undefined : `${count(desired, "replica")} are wanted again.`),
  pause: (_did, { paused }) => (paused === true ? undefined : "The rollout goes on again."),
};

const rollout: Judge = ({ at = 0, forecast }, facts, since) => {
  const { recoveredAt } = facts;
  if (recoveredAt !== undefined && recoveredAt >= at)
    return { ok: true, text: `It is well again, ${duration(recoveredAt - at)} after it.` };
  const patience = Math.max(WELL_MS, 2_000 * (forecast?.seconds ?? 0) + RECOVERED_AFTER_MS);
  if (since < patience) return undefined;
  const bad = checksOf(facts).filter(({ ok }) => ok === false);
  const seen = bad.length > 0 ? listed(bad.map(({ text }) => text)) : "it has not held for five minutes";
  return { ok: false, text: `It is not well ${duration(since)} after it: ${seen}.` };
};

const judges: Partial<Readonly<Record<Step["kind"], Judge>>> = {
  cap: (_step, { now, course }, since) => {
    if (since < HELD_MS) return undefined;
    const estimate = course ? expectedAt(course, now.at) : 0;
    const saved =
      estimate > now.desired ? ` Estimate, had it gone on as in the 10 minutes before: ${count(estimate)} by now.` : "";
    return { ok: true, text: `The count has been held, at ${count(now.desired)} now.${saved}` };
  },
  lower: (_step, { now }) => ({ ok: true, text: `The ceiling stays at ${count(now.ceiling ?? 0)}.` }),
  rollback: rollout,
  restart: rollout,
  resume: rollout,
  scale: rollout,
  drain: (_step, { now, usual }, since) => {
    const { nodes = 0 } = usual;
    if (now.nodes <= nodes + Math.max(1, 0.25 * nodes))
      return { ok: true, text: `${count(now.nodes, "node")} are left, usually ${count(nodes)}.` };
    if (since < NODES_MS) return undefined;
    return {
      ok: false,
      text: `${count(now.nodes, "node")} are still there, usually ${count(nodes)}: the node autoscaler has not removed them.`,
    };
  },
};
