import type { Arrival, StormSettings, Storm, Weather } from "#domain/storm.ts";
import type { Instant } from "#domain/workload.ts";

/** What is to be done with an incident that has no message of its own yet. */
export type Verdict =
  | { readonly kind: "tell" }
  /** Others may come with it. */
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "storm" };

/** A list that long says nothing to anybody. */
const MOST_INCIDENTS = 1_000;

/** An incident is due to be told in a channel at a moment: alone, a little later, or as one of a storm. */
export function receive(
  weather: Weather,
  channel: string,
  { id, isBad = false }: { readonly id: string; readonly isBad?: boolean },
  at: Instant,
  settings: StormSettings,
): { readonly weather: Weather; readonly verdict: Verdict } {
  const arrivals = arrived(weather, id, at, settings);
  const storm = weather.storm ?? begun(arrivals, channel, at, settings);
  // Whoever was to end one may have been away: what comes long after it is no part of it, and not called for.
  if (storm && isPart(storm, id, at < calmAt({ arrivals }, settings)))
    return { weather: { arrivals, storm: joined(storm, id) }, verdict: { kind: "storm" } };
  // What is bad and came alone waits for nobody; where others came too it does, so that a storm is not many messages and then one.
  const waitMs = isBad && arrivals.length === 1 ? 0 : settings.waitMs;
  const until = (arrivals.find((one) => one.id === id)?.at ?? at) + waitMs;
  if (at < until) return { weather: { ...weather, arrivals }, verdict: { kind: "wait", until } };
  return { weather: toldAlone({ ...weather, arrivals }, [id]), verdict: { kind: "tell" } };
}

/** They have messages of their own: no storm that begins now lists them. */
export function toldAlone(weather: Weather, ids: readonly string[]): Weather {
  return { ...weather, arrivals: weather.arrivals.map((one) => (ids.includes(one.id) ? { ...one, told: true } : one)) };
}

function arrived({ arrivals }: Weather, id: string, at: Instant, { windowMs }: StormSettings): readonly Arrival[] {
  const recent = arrivals.filter((one) => one.at > at - windowMs);
  return recent.some((one) => one.id === id) ? recent : [...recent, { id, at }];
}

/** Those that came in the window and wait are part of it from the start; those that were told keep their messages. */
function begun(
  arrivals: readonly Arrival[],
  channel: string,
  at: Instant,
  { incidents: most }: StormSettings,
): Storm | undefined {
  if (arrivals.length <= most) return undefined;
  const incidents = arrivals.filter(({ told }) => !told).map(({ id }) => id);
  return { id: `storm-${channel}-${at}`, startedAt: at, incidents };
}

function isPart({ incidents }: Storm, id: string, isOn: boolean): boolean {
  return isOn || incidents.includes(id);
}

function joined(storm: Storm, id: string): Storm {
  if (storm.incidents.includes(id) || storm.incidents.length >= MOST_INCIDENTS) return storm;
  return { ...storm, incidents: [...storm.incidents, id] };
}

/** From when on fewer came within the window than make a storm, if no other comes. */
export function calmAt({ arrivals }: Weather, { incidents, windowMs }: StormSettings): Instant {
  const last = arrivals.map(({ at }) => at).toSorted((a, b) => b - a)[incidents - 1];
  return last === undefined ? Number.NEGATIVE_INFINITY : last + windowMs;
}
