import { isDeepStrictEqual } from "node:util";
import { type Incident, leadOf } from "#domain/incident.ts";
import type { IncidentPort, MessagePort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { QuietHours, Silence } from "#domain/quiet.ts";
import type { SilencePort, WeatherPort } from "#domain/ports/quiet.ts";
import type { Reply, SlackPort } from "#domain/ports/slack.ts";
import type { StormSettings } from "#domain/storm.ts";
import { isUrgent } from "#analysis/urgent.ts";
import { quietUntil } from "#analysis/quiet-hours.ts";
import { type Verdict, receive } from "#analysis/storm.ts";
import { severityOf } from "#analysis/severity.ts";
import { silenceOf } from "#analysis/silence.ts";
import { writeTelling } from "./telling.ts";
import type { Enqueue } from "./jobs.ts";

export interface TellDueOptions {
  readonly verbs: Pick<IncidentPort, "findIncident" | "updateIncident"> &
    Pick<SilencePort, "silences"> &
    Pick<MessagePort, "findMessage"> &
    Pick<WeatherPort, "updateWeather"> &
    Pick<SlackPort, "sayReply"> & { readonly enqueue: Enqueue };
  /** Brings its message and thread up to date. */
  readonly announce: (incidentId: string) => Promise<void>;
  /** Tells those who follow it. */
  readonly tellFollowers: (incident: Incident) => Promise<void>;
  /** Slack id of the channel in which it is told. */
  readonly channelOf: (incident: Incident) => Promise<string>;
  /** Absent: each incident has a message of its own, at once. */
  readonly storm?: StormSettings | undefined;
  readonly quietHours?: QuietHours | undefined;
  readonly now: () => Instant;
}

/** Has an incident told: in a message of its own, later, as one of a storm, or not as long as it is silenced. */
export function createTellDue(options: TellDueOptions): (incidentId: string) => Promise<void> {
  const { verbs, announce, tellFollowers } = options;
  return async (incidentId) => {
    const incident = await verbs.findIncident(incidentId);
    if (!incident?.diagnosis) return;
    const told = incident.telling?.toldAt === undefined ? await begin(options, incident) : incident;
    if (!told) return hasHeard(incident) ? tellFollowers(incident) : undefined;
    await announce(incidentId);
    if (hasBecomeUrgent(told)) await verbs.sayReply(told, "urgent", urgent);
    await tellFollowers(told);
  };
}

/** It ends within a storm, whose direct message told somebody of it. */
function hasHeard({ status, telling }: Incident): boolean {
  return status === "settled" && telling?.openedTo !== undefined;
}

/** It was told without calling anybody. A runaway that joins is a reply of its own. */
function hasBecomeUrgent(incident: Incident): boolean {
  const { status, telling } = incident;
  if (status === "settled" || leadOf(incident) === "runaway") return false;
  return telling?.callsNobody === "quiet-hours" && isUrgent(incident);
}

const urgent: Reply = { text: "This cannot wait any more.", mention: [], callsOnCall: true };

/** Undefined: it is not to have a message of its own now. */
async function begin(options: TellDueOptions, incident: Incident): Promise<Incident | undefined> {
  const { verbs, now } = options;
  const at = now();
  // An older version of us has told it.
  if (await verbs.findMessage(incident.id, "headline")) return writeTelling(verbs, incident.id, { toldAt: at });
  const silence = silenceOf(await verbs.silences(), incident.key, at);
  if (silence) return hold(options, incident, silence, at);
  if (hasEndedUntold(incident)) return undefined;
  if (!(await isAlone(options, incident, at))) return undefined;
  const quiet = quietUntil(options.quietHours, at) !== undefined && !isUrgent(incident);
  return writeTelling(verbs, incident.id, { toldAt: at, ...(quiet && { callsNobody: "quiet-hours" }) });
}

/** It came and went while it was silenced, or in a storm that is over. */
function hasEndedUntold({ status, telling }: Incident): boolean {
  return status === "settled" && (telling?.silenced !== undefined || telling?.endedInStorm === true);
}

/** Nobody hears of it until the silence ends; then it says that it was silenced. */
async function hold({ verbs }: TellDueOptions, incident: Incident, silence: Silence, at: Instant): Promise<undefined> {
  const { by, byName, reason, until } = silence;
  const silenced = { by, ...(byName !== undefined && { byName }), reason, until };
  if (incident.telling?.silenced?.until !== until) await writeTelling(verbs, incident.id, { silenced });
  const id = `announce/${incident.id}/silenced/${until}`;
  await verbs.enqueue("announce", { incidentId: incident.id }, { id, delayMs: until - at });
}

/** A storm's message is read from all its incidents, which may be hundreds: once for what changes within so many clock milliseconds. */
const gatherMs = 2_000;

/** False: it waits a little for others, or is one of a storm. */
async function isAlone(options: TellDueOptions, incident: Incident, at: Instant): Promise<boolean> {
  const { verbs, storm } = options;
  if (!storm) return true;
  const { id } = incident;
  const channel = await options.channelOf(incident);
  const isBad = severityOf(incident).severity === "high";
  let verdict: Verdict = { kind: "tell" };
  const { storm: on } = await verbs.updateWeather(channel, (weather) => {
    const received = receive(weather, channel, { id, isBad }, at, storm);
    verdict = received.verdict;
    return isDeepStrictEqual(received.weather, weather) ? undefined : received.weather;
  });
  // Also where it is no part of it: then that one is to be ended.
  if (on)
    await verbs.enqueue("storm", { channel }, { id: `storm/${channel}`, coalesce: true, delayMs: on.called ? gatherMs : 0 });
  return obey(verbs, verdict, id, at);
}

async function obey({ enqueue }: TellDueOptions["verbs"], verdict: Verdict, incidentId: string, at: Instant): Promise<boolean> {
  switch (verdict.kind) {
    case "tell":
      return true;
    case "wait": {
      const { until } = verdict;
      await enqueue("announce", { incidentId }, { id: `announce/${incidentId}/due/${until}`, delayMs: until - at });
      return false;
    }
    case "storm":
      return false;
  }
}
