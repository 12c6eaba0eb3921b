import type { Home, HomePort, Mine, OpenIncident, Watcher } from "#domain/ports/home.ts";
import type { IncidentPort, MessagePort, StopPort, VerdictPort } from "#domain/ports/store.ts";
import type { Incident } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import type { Person, Policy, Stop } from "#domain/policy.ts";
import type { FollowerPort } from "#domain/ports/quiet.ts";
import type { Told } from "#domain/told.ts";
import type { ToldPort } from "#domain/ports/told.ts";
import { accuracyOf } from "#analysis/accuracy.ts";
import { covers } from "#analysis/pattern.ts";
import { grantsOf } from "#analysis/policy.ts";
import { messageOf } from "#lib/errors.ts";
import { type WatchersOptions, readWatchers } from "./watchers.ts";

export interface HomeOptions extends Omit<WatchersOptions, "clusters"> {
  readonly verbs: Pick<IncidentPort, "openIncidents"> &
    Pick<VerdictPort, "verdicts"> &
    Pick<MessagePort, "findMessage"> &
    Pick<ToldPort, "findTold"> &
    Pick<FollowerPort, "findFollower"> &
    Pick<StopPort, "findStop"> &
    WatchersOptions["verbs"];
  readonly cluster: string;
  readonly policy: Policy;
  readonly people: PeoplePort;
  readonly log: Log;
}

/** So many incidents are told; the others are counted. */
const mostTold = 20;

/**
 * What a person sees when they open the app. What can be is asked for at the same time: three round trips to Redis,
 * and Prometheus has three seconds.
 */
export function createHome(options: HomeOptions): HomePort {
  return {
    homeOf: async (user) => {
      const [person, told] = await Promise.all([findPerson(options, user), findKnown(options, user)]);
      const clusters = [options.cluster, ...(told?.open.map(({ workload }) => workload.cluster) ?? [])];
      const watchers = await watchersOf(options, told !== undefined, [...new Set(clusters)].toSorted());
      const home = { may: mayOf(options.policy, person), watchers };
      if (!told) return home;
      const { accuracy, follows, stop } = told;
      return {
        ...home,
        told: { accuracy, follows, ...(stop && { stop }), open: told.open.map(toOpen(told)), mine: mineOf(person, told) },
      };
    },
  };
}

async function findPerson({ people, log }: HomeOptions, user: string): Promise<Person | undefined> {
  try {
    return await people.person(user);
  } catch (error) {
    log.warn({ user, reason: messageOf(error) }, "Somebody cannot be told, and may do nothing");
    return undefined;
  }
}

function mayOf(policy: Policy, person: Person | undefined): readonly string[] {
  return person ? grantsOf(policy, person) : ["Slack does not say who you are right now, so nobody can tell what you may do."];
}

interface Known {
  /** Newest first. */
  readonly open: readonly Incident[];
  readonly follows: readonly string[];
  readonly stop: Stop | undefined;
  readonly accuracy: NonNullable<Home["told"]>["accuracy"];
  readonly threads: ReadonlyMap<string, OpenIncident["thread"]>;
  readonly tellings: ReadonlyMap<string, Told | undefined>;
}

/** Undefined: Redis is away. */
async function findKnown({ verbs, log }: HomeOptions, user: string): Promise<Known | undefined> {
  try {
    const [incidents, verdicts, follower, stop] = await Promise.all([
      verbs.openIncidents(),
      verbs.verdicts(),
      verbs.findFollower(user),
      verbs.findStop(),
    ]);
    const open = incidents.toSorted((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
    const shown = open.slice(0, mostTold);
    const [threads, tellings] = await Promise.all([
      Promise.all(shown.map(async ({ id }) => [id, await verbs.findMessage(id, "headline")] as const)),
      Promise.all(shown.map(async ({ id }) => [id, await verbs.findTold(id)] as const)),
    ]);
    const follows = follower?.patterns ?? [];
    return { open, follows, stop, accuracy: accuracyOf(verdicts), threads: new Map(threads), tellings: new Map(tellings) };
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "The app's page goes without what Redis knows");
    return undefined;
  }
}

function toOpen({ threads }: Known): (incident: Incident) => OpenIncident {
  return (incident) => {
    const thread = threads.get(incident.id);
    return { incident, ...(thread && { thread }) };
  };
}

async function watchersOf(options: HomeOptions, isRedisThere: boolean, clusters: readonly string[]): Promise<readonly Watcher[]> {
  const redis: Watcher = isRedisThere
    ? { name: "Redis", state: "well", text: "it answers" }
    : { name: "Redis", state: "away", text: "it does not answer: nothing is known and nothing can be done until it does" };
  return [redis, ...(await readWatchers({ ...options, clusters }))];
}

/** Workloads with an open incident that has to do with a person, and why; each once, for the first reason. */
function mineOf(person: Person | undefined, { open, tellings, follows }: Known): readonly Mine[] {
  if (!person) return [];
  const found = open.flatMap((incident): Mine[] => {
    const follow = follows.some((pattern) => covers(pattern, incident.key)) ? "you subscribed to it" : undefined;
    const why = whyMine(person, incident, tellings.get(incident.id)) ?? follow;
    return why === undefined ? [] : [{ workload: incident.key, why }];
  });
  return [...new Map(found.map((mine) => [mine.workload, mine])).values()];
}

function whyMine(person: Person, { diagnosis, plan }: Incident, told: Told | undefined): string | undefined {
  const { id } = person;
  if (told?.author?.id === id || wrote(person, diagnosis)) return "your change is suspected";
  if (plan.some(({ by, second, firstYes }) => [by, second, firstYes?.by].includes(id))) return "you approved a step";
  return told && whyTold(id, told);
}

function whyTold(id: string, { owners, onCall }: Told): string | undefined {
  if (owners.some((owner) => owner.id === id)) return "you own its code";
  return onCall.some((one) => one.id === id) ? "you were called for it" : undefined;
}

/** Is one of the first three suspects theirs, by the address that Slack has verified? */
function wrote({ email }: Person, diagnosis: Incident["diagnosis"]): boolean {
  if (email === undefined || !diagnosis?.named) return false;
  return diagnosis.suspects
    .slice(0, 3)
    .some(({ subject }) => subject.kind === "landing" && subject.landing.author.email?.toLowerCase() === email);
}
