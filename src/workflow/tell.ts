import type { Callee, Named, TellSettings, Told } from "#domain/told.ts";
import { toldIn } from "#domain/told.ts";
import type { Incident } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { OnCallPort, OwnersPort, TellPort, ToldPort } from "#domain/ports/told.ts";
import type { MessagePort } from "#domain/ports/store.ts";
import type { PeoplePort, Reply } from "#domain/ports/slack.ts";
import type { WorkloadState } from "#domain/workload.ts";
import { createFindOnCall, type Found, unique } from "./find-on-call.ts";
import { createFindOwners } from "./find-owners.ts";
import { createLookUp, type LookUp } from "./look-up.ts";
import { isBot } from "#analysis/author.ts";
import { routeOf } from "#analysis/route.ts";
import { severityOf } from "#analysis/severity.ts";

interface Verbs extends ToldPort, OnCallPort, OwnersPort, Pick<MessagePort, "findMessage"> {
  readonly findWorkload: (key: string) => Promise<WorkloadState | undefined>;
}

export interface TellOptions {
  readonly verbs: Verbs;
  readonly settings: TellSettings;
  readonly people: PeoplePort;
  readonly log: Log;
}

const ownersShown = 6;
/** Of a storm: its first message waits for the answers. */
const mostAsked = 50;

/** Decides who is told of an incident and where: once, before its first message; and whom later messages call. */
export function createTell(options: TellOptions): TellPort {
  const { verbs, settings, log } = options;
  const lookUp = createLookUp(options);
  const look = { lookUp, findOnCall: createFindOnCall(verbs, lookUp, log), findOwners: createFindOwners(verbs, log) };
  return {
    toldOf: async (incident) =>
      (await verbs.findTold(incident.id)) ?? verbs.keepTold(incident.id, await decide(options, look, incident)),
    channelOf: async (incident) => {
      const { channel } =
        (await verbs.findTold(incident.id)) ?? whereOf(incident, (await look.findOwners(incident)).teams, settings);
      return channel;
    },
    onCallOf: async (incidents) => {
      const found = incidents.slice(0, mostAsked).map(async (incident) => {
        const { later } = whereOf(incident, (await look.findOwners(incident)).teams, settings);
        return (await look.findOnCall(later.onCall)).people;
      });
      return unique((await Promise.all(found)).flat()).slice(0, settings.mostCalls);
    },
    withCalls: async (incident, part, reply) => {
      if (!reply.callsAuthor && !reply.callsOnCall && !reply.escalates) return reply;
      // What stands is not said again, and nobody need be asked for it.
      if (await verbs.findMessage(incident.id, part)) return undefined;
      const told = (await verbs.findTold(incident.id)) ?? toldIn(settings.channel);
      const calls = { incident, part, reply, verbs, most: settings.mostCalls };
      if (reply.callsAuthor) return callAuthor({ ...calls, ...reply.callsAuthor }, told, lookUp);
      return call(calls, await look.findOnCall(calleesOf(reply, told)));
    },
  };
}

interface Look {
  readonly lookUp: LookUp;
  readonly findOnCall: ReturnType<typeof createFindOnCall>;
  readonly findOwners: ReturnType<typeof createFindOwners>;
}

async function decide({ verbs, settings }: TellOptions, look: Look, incident: Incident): Promise<Told> {
  const { owners, teams } = await look.findOwners(incident);
  const where = whereOf(incident, teams, settings);
  // What can wait for the morning is said and calls nobody.
  const { callsNobody } = incident.telling ?? {};
  if (where.severity === "low" || callsNobody === "quiet-hours") return { ...where, onCall: [], owners: [] };
  const [onCall, author, named] = await Promise.all([
    // For a storm they were called already.
    look.findOnCall(callsNobody === "storm" ? [] : where.later.onCall),
    findAuthor(incident, look.lookUp),
    Promise.all(owners.slice(0, ownersShown).map(look.lookUp.owner)),
  ]);
  const all = [...onCall.people, ...(author ? [author] : []), ...named];
  const once = callingOnce(await verbs.calledBy(incident.id, "headline", calledOf(all, settings.mostCalls)));
  return {
    ...where,
    onCall: onCall.people.map(once),
    ...(onCall.note !== undefined && { onCallNote: onCall.note }),
    ...(author && { author: { ...once(author), suspect: author.suspect } }),
    owners: named.map(once),
  };
}

/** What needs nobody's answer: channel, severity, and who is called. */
function whereOf(incident: Incident, teams: readonly string[], settings: TellSettings) {
  const { severity } = severityOf(incident);
  const route = routeOf({ workload: incident.workload, teams, severity }, settings.routes);
  const { channel, onCall = settings.onCall, escalation = settings.escalation } = route ?? settings;
  return { channel, ...(route && { route: route.name }), severity, later: { onCall, escalation } };
}

/** Whom a message would call, each once and at most so many. A channel is named, and calls nobody. */
function calledOf(people: readonly Named[], most: number): readonly string[] {
  const ids = people.flatMap(({ id }) => (id !== undefined && !isChannel(id) ? [id] : []));
  return [...new Set(ids)].slice(0, most);
}

/** Only of a suspect that is named, and only a person whom Slack knows. */
async function findAuthor({ diagnosis }: Incident, lookUp: LookUp): Promise<(Named & { readonly suspect: string }) | undefined> {
  const suspect = diagnosis?.named ? diagnosis.suspects[0] : undefined;
  if (suspect?.subject.kind !== "landing" || isBot(suspect.subject.landing.author)) return undefined;
  const named = await lookUp.author(suspect.subject.landing.author);
  return named.id === undefined ? undefined : { ...named, suspect: suspect.id };
}

function isChannel(id: string): boolean {
  return /^[CG]/.test(id);
}

/** Leaves the id with the first who has it, of those that this message may call; the others are named plainly. */
function callingOnce(mine: readonly string[]): (named: Named) => Named {
  const left = new Set(mine);
  return ({ id, name }) => (id !== undefined && (isChannel(id) || left.delete(id)) ? { id, name } : { name });
}

interface Calls {
  readonly incident: Incident;
  readonly part: string;
  readonly reply: Reply;
  readonly verbs: Pick<ToldPort, "calledBy">;
  readonly most: number;
}

type AuthorCalls = Calls & NonNullable<Reply["callsAuthor"]>;

async function callAuthor(
  { incident, part, reply, verbs, suspect, author }: AuthorCalls,
  told: Told,
  lookUp: LookUp,
): Promise<Reply | undefined> {
  if (isBot(author) || told.author?.suspect === suspect) return undefined;
  const { id } = await lookUp.author(author);
  const mine = id === undefined ? [] : await verbs.calledBy(incident.id, part, [id]);
  return mine.length === 0 ? undefined : { ...reply, mention: mine };
}

function calleesOf({ callsOnCall, escalates }: Reply, { later }: Told): readonly Callee[] {
  if (callsOnCall) return later.onCall;
  return escalates && later.escalation.length > 0 ? later.escalation : later.onCall;
}

async function call({ incident, part, reply, verbs, most }: Calls, { people, note }: Found): Promise<Reply> {
  const mine = await verbs.calledBy(incident.id, part, calledOf(people, most));
  const plain = people.filter(({ id }) => id === undefined).map(({ name }) => name);
  const lines = [
    reply.text,
    ...(plain.length > 0 ? [`On call, and not known in Slack: ${plain.join(", ")}.`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return { ...reply, text: lines.join("\n"), mention: [...new Set([...reply.mention, ...mine])] };
}
