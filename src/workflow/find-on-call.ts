import type { Callee, Named } from "#domain/told.ts";
import type { Log } from "#lib/log.ts";
import type { LookUp } from "./look-up.ts";
import type { OnCallPerson, OnCallPort } from "#domain/ports/told.ts";
import { messageOf } from "#lib/errors.ts";

/** Who is on call, and where nobody can be named a sentence. */
export interface Found {
  readonly people: readonly Named[];
  readonly note?: string;
}

/** One message calls fewer; and Slack tells only some fifty addresses a minute. */
const mostLookedUp = 20;

const vendor = { pagerduty: "PagerDuty", opsgenie: "Opsgenie" } as const;
type Schedule = Exclude<Callee, { readonly kind: "slack" }>;

/** Finds whom a list means now. Slack ids beside schedules are for when no schedule names anybody whom Slack knows. Never throws. */
export function createFindOnCall(
  { onCall }: OnCallPort,
  lookUp: LookUp,
  log: Log,
): (callees: readonly Callee[]) => Promise<Found> {
  return async (callees) => {
    const schedules = callees.filter((callee) => callee.kind !== "slack");
    const asked = await Promise.all(schedules.map((schedule) => ask(onCall, schedule, log)));
    const named = asked.flatMap((people) => people ?? []).slice(0, mostLookedUp);
    const people = unique(await Promise.all(named.map(lookUp.onCall)));
    if (people.some(({ id }) => id !== undefined)) return { people };
    const all = unique([...people, ...(await thereOf(callees, lookUp))]);
    if (all.length > 0 || schedules.length === 0) return { people: all };
    return { people: [], note: noteOf(schedules, asked) };
  };
}

/** Two schedules may name the same person. */
export function unique(people: readonly Named[]): readonly Named[] {
  return [...new Map(people.map((one) => [one.id ?? one.name, one])).values()];
}

/** Undefined: it could not be asked. */
async function ask(onCall: OnCallPort["onCall"], schedule: Schedule, log: Log): Promise<readonly OnCallPerson[] | undefined> {
  try {
    return await onCall(schedule);
  } catch (error) {
    log.warn({ schedule, reason: messageOf(error) }, "A schedule could not be asked who is on call");
    return undefined;
  }
}

async function thereOf(callees: readonly Callee[], lookUp: LookUp): Promise<readonly Named[]> {
  const ids = callees.flatMap((callee) => (callee.kind === "slack" ? [callee.id] : []));
  const there = await Promise.all(ids.map(lookUp.isThere));
  return ids.filter((_id, index) => there[index]).map((id) => ({ id, name: id }));
}

function noteOf(schedules: readonly Schedule[], asked: readonly (readonly OnCallPerson[] | undefined)[]): string {
  const silent = schedules.filter((_schedule, index) => asked[index] === undefined).map(({ kind }) => vendor[kind]);
  const who = [...new Set(silent)].join(" and ");
  return who === "" ? "The schedule names nobody now." : `${who} could not be asked who is on call; please look there.`;
}
