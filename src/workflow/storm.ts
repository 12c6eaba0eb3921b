import type { QuietMouth, SilencePort, WeatherPort } from "#domain/ports/quiet.ts";
import type { QuietHours } from "#domain/quiet.ts";
import type { Storm, StormSettings, StormView, Weather } from "#domain/storm.ts";
import { sharedBy, traitsOf } from "#analysis/shared.ts";
import type { Incident } from "#domain/incident.ts";
import type { IncidentPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { TellPort } from "#domain/ports/told.ts";
import { calmAt, toldAlone } from "#analysis/storm.ts";
import { isUrgent } from "#analysis/urgent.ts";
import { quietUntil } from "#analysis/quiet-hours.ts";
import { silenceOf } from "#analysis/silence.ts";
import { writeTelling } from "./telling.ts";
import type { Enqueue, JobData } from "./jobs.ts";

export interface StormOptions {
  readonly verbs: Pick<IncidentPort, "findIncident" | "updateIncident"> &
    Pick<SilencePort, "silences"> &
    WeatherPort &
    Pick<TellPort, "onCallOf"> &
    Pick<QuietMouth, "sayStorm" | "sayStormCall"> & { readonly enqueue: Enqueue };
  /** Has an incident told that has had its turn. */
  readonly tell: (incidentId: string) => Promise<void>;
  /** Tells those who follow some of its incidents. */
  readonly tellFollowers: (view: StormView) => Promise<void>;
  readonly settings: StormSettings;
  readonly quietHours?: QuietHours | undefined;
  readonly now: () => Instant;
}

/** Brings the message of a channel's storm up to date; once it is over, what is still open is told one by one, in order. */
export function createShowStorm(options: StormOptions): (data: JobData<"storm">) => Promise<void> {
  const { verbs, settings, now } = options;
  return async ({ channel, later }) => {
    // Two of them at a time would tell the same incidents in two orders.
    if (later) return verbs.enqueue("storm", { channel }, { id: `storm/${channel}`, coalesce: true });
    const at = now();
    const weather = await begun(options, channel, at);
    if (!weather.storm) return;
    const calm = calmAt(weather, settings);
    const storm = at >= calm ? { ...weather.storm, overAt: at } : weather.storm;
    const view = await viewOf(options, channel, storm);
    await verbs.sayStorm(view, at);
    await callLater(options, view);
    await options.tellFollowers(view);
    if (storm.overAt !== undefined) return release(options, channel, view);
    await verbs.enqueue("storm", { channel, later: true }, { id: `storm/${channel}/${calm}`, delayMs: calm - at });
  };
}

/** What came first could wait, and now there is something that cannot. */
async function callLater({ verbs }: StormOptions, view: StormView): Promise<void> {
  const urgent = view.quietly ? stillOpen(view.incidents).filter(isUrgent) : [];
  if (urgent.length > 0) await verbs.sayStormCall(view, urgent, await verbs.onCallOf(urgent));
}

/** Nobody is called for what has settled. */
function stillOpen(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.filter(({ status }) => status !== "settled");
}

/** Whom its first message calls is decided once. */
async function begun({ verbs, quietHours }: StormOptions, channel: string, at: Instant): Promise<Weather> {
  const weather = await verbs.findWeather(channel);
  if (!weather.storm || weather.storm.called) return weather;
  const incidents = stillOpen(await incidentsOf(verbs, weather.storm));
  const isQuiet = quietUntil(quietHours, at) !== undefined;
  const callers = isQuiet ? incidents.filter(isUrgent) : incidents;
  const began = { called: await verbs.onCallOf(callers), ...(isQuiet && callers.length === 0 && { quietly: true as const }) };
  return verbs.updateWeather(channel, (current) =>
    current.storm ? { ...current, storm: { ...began, ...current.storm } } : undefined,
  );
}

async function incidentsOf({ findIncident }: StormOptions["verbs"], { incidents }: Storm): Promise<Incident[]> {
  const found = await Promise.all(incidents.map((id) => findIncident(id)));
  return found.filter((incident) => incident !== undefined);
}

async function viewOf({ verbs }: StormOptions, channel: string, storm: Storm): Promise<StormView> {
  const incidents = await incidentsOf(verbs, storm);
  return {
    id: storm.id,
    channel,
    startedAt: storm.startedAt,
    ...(storm.overAt !== undefined && { overAt: storm.overAt }),
    called: storm.called ?? [],
    ...(storm.quietly && { quietly: true }),
    incidents,
    shared: sharedBy(incidents.map(traitsOf)),
  };
}

async function writeEnd(verbs: StormOptions["verbs"], { id, telling }: Incident): Promise<void> {
  if (telling?.toldAt === undefined) await writeTelling(verbs, id, { endedInStorm: true });
}

/** What has settled meanwhile had its end in the table. What is silenced by now waits for the end of that. */
async function release(options: StormOptions, channel: string, { incidents }: StormView): Promise<void> {
  const { verbs, now } = options;
  const silences = await verbs.silences();
  for (const incident of incidents.toSorted((a, b) => a.openedAt - b.openedAt)) {
    const at = now();
    if (incident.status === "settled") await writeEnd(verbs, incident);
    if (incident.status === "settled" || silenceOf(silences, incident.key, at)) continue;
    // After a crash between both it is told here all the same.
    if (incident.telling?.toldAt === undefined) await writeTelling(verbs, incident.id, { toldAt: at, callsNobody: "storm" });
    await options.tell(incident.id);
  }
  const had = incidents.map(({ id }) => id);
  let left: readonly string[] = [];
  await verbs.updateWeather(channel, ({ storm, ...weather }) => {
    left = storm?.incidents.filter((id) => !had.includes(id)) ?? [];
    return toldAlone(weather, had);
  });
  // Who joined meanwhile is due anew.
  for (const id of left) await verbs.enqueue("announce", { incidentId: id }, { id: `announce/${id}`, coalesce: true });
}
