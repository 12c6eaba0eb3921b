import type { Callee, Named, TellSettings, Told } from "#domain/told.ts";
import { toldIn } from "#domain/told.ts";
import type { Incident } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { OnCallPort, OwnersPort, TellPort, ToldPort } from "#domain/ports/told.ts";
import type { PeoplePort, Reply } from "#domain/ports/slack.ts";
import type { WorkloadState } from "#domain/workload.ts";
import { createFindOnCall, type Found } from "./find-on-call.ts";
import { createFindOwners } from "./find-owners.ts";
import { createLookUp } from "./look-up.ts";
import { isBot } from "#analysis/author.ts";
import { routeOf } from "#analysis/route.ts";
import { severityOf } from "#analysis/severity.ts";

interface Verbs extends ToldPort, OnCallPort, OwnersPort {
  readonly findWorkload: (key: string) => Promise<WorkloadState | undefined>;
}

export interface TellOptions {
  readonly verbs: Verbs;
  readonly settings: TellSettings;
  readonly people: PeoplePort;
  readonly log: Log;
}

const nobody: Found = { people: [] };
const ownersShown = 6;

/** Decides who is told of an incident and where: once, before its first message; and whom later messages call. */
export function createTell({ verbs, settings, people, log }: TellOptions): TellPort {
  const lookUp = createLookUp({ settings, people, log });
  const findOnCall = createFindOnCall(verbs, lookUp, log);
  const findOwners = createFindOwners(verbs, log);
  const most = (ids: readonly string[]) => ids.slice(0, settings.mostCalls);
  const decide = async (incident: Incident): Promise<Told> => {
    const { severity } = severityOf(incident);
    const { owners, teams } = await findOwners(incident);
    const route = routeOf({ workload: incident.workload, teams, severity }, settings.routes);
    const later = { onCall: route?.onCall ?? settings.onCall, escalation: route?.escalation ?? settings.escalation };
    // What can wait for the morning is said and calls nobody.
    const isCalling = severity !== "low";
    const [onCall, author, named] = await Promise.all([
      isCalling ? findOnCall(later.onCall) : nobody,
      isCalling ? findAuthor(incident, lookUp.author) : undefined,
      isCalling ? Promise.all(owners.slice(0, ownersShown).map(lookUp.owner)) : [],
    ]);
    const called = [...onCall.people, ...(author ? [author] : []), ...named].flatMap(({ id }) =>
      id && isCalled(id) ? [id] : [],
    );
    const mine = await verbs.calledBy(incident.id, "headline", most([...new Set(called)]));
    const once = callingOnce(mine);
    return {
      channel: route?.channel ?? settings.channel,
      ...(route && { route: route.name }),
      severity,
      onCall: onCall.people.map(once),
      ...(onCall.note !== undefined && { onCallNote: onCall.note }),
      ...(author && { author: { ...once(author), suspect: author.suspect } }),
      owners: named.map(once),
      later,
    };
  };
  return {
    toldOf: async (incident) => (await verbs.findTold(incident.id)) ?? verbs.keepTold(incident.id, await decide(incident)),
    withCalls: async (incident, part, reply) => {
      const told = (await verbs.findTold(incident.id)) ?? toldIn(settings.channel);
      if (reply.callsAuthor) {
        const { suspect, author } = reply.callsAuthor;
        if (isBot(author) || told.author?.suspect === suspect) return undefined;
        const { id } = await lookUp.author(author);
        const mine = id === undefined ? [] : await verbs.calledBy(incident.id, part, [id]);
        return mine.length === 0 ? undefined : { ...reply, mention: mine };
      }
      const callees = calleesOf(reply, told);
      return callees.length === 0 ? reply : called(verbs, incident, part, reply, await findOnCall(callees), most);
    },
  };
}

/** Only of a suspect that is named, and only a person whom Slack knows. */
async function findAuthor(
  { diagnosis }: Incident,
  find: (author: Parameters<typeof isBot>[0]) => Promise<Named>,
): Promise<(Named & { readonly suspect: string }) | undefined> {
  const suspect = diagnosis?.named ? diagnosis.suspects[0] : undefined;
  if (suspect?.subject.kind !== "landing" || isBot(suspect.subject.landing.author)) return undefined;
  const named = await find(suspect.subject.landing.author);
  return named.id === undefined ? undefined : { ...named, suspect: suspect.id };
}

/** A channel is named, and calls nobody. */
function isCalled(id: string): boolean {
  return !/^[CG]/.test(id);
}

/** Leaves the id with the first who has it, of those that this message may call; the others are named plainly. */
function callingOnce(mine: readonly string[]): (named: Named) => Named {
  const left = new Set(mine);
  return ({ id, name }) => {
    if (id === undefined || !isCalled(id)) return { ...(id !== undefined && { id }), name };
    return left.delete(id) ? { id, name } : { name };
  };
}

function calleesOf({ callsOnCall, escalates }: Reply, { later }: Told): readonly Callee[] {
  if (callsOnCall) return later.onCall;
  if (!escalates) return [];
  return later.escalation.length > 0 ? later.escalation : later.onCall;
}

async function called(
  verbs: Pick<ToldPort, "calledBy">,
  incident: Incident,
  part: string,
  reply: Reply,
  { people, note }: Found,
  most: (ids: readonly string[]) => readonly string[],
): Promise<Reply> {
  const ids = people.flatMap(({ id }) => id ?? []);
  const mine = await verbs.calledBy(incident.id, part, most([...new Set(ids)]));
  const plain = people.filter(({ id }) => id === undefined).map(({ name }) => name);
  const lines = [
    reply.text,
    ...(plain.length > 0 ? [`On call, and not known in Slack: ${plain.join(", ")}.`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return { ...reply, text: lines.join("\n"), mention: [...new Set([...reply.mention, ...mine])] };
}
