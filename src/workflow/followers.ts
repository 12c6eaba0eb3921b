import type { ClaimPort, IncidentPort, MessagePort } from "#domain/ports/store.ts";
import type { Follower, QuietHours, Waiting } from "#domain/quiet.ts";
import type { DirectNews, FollowerPort, QuietMouth } from "#domain/ports/quiet.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import type { StormView } from "#domain/storm.ts";
import { covers } from "#analysis/pattern.ts";
import { noteOpened, noteTold } from "./telling.ts";
import { reach } from "./reach.ts";
import type { Enqueue } from "./jobs.ts";

export interface FollowersOptions {
  readonly verbs: FollowerPort &
    Pick<IncidentPort, "findIncident" | "updateIncident"> &
    Pick<MessagePort, "findMessage"> &
    Pick<ClaimPort, "claim"> &
    Pick<QuietMouth, "sayDirect"> & { readonly enqueue: Enqueue };
  readonly people: Pick<PeoplePort, "person">;
  /** Of those who said none of their own. */
  readonly quietHours?: QuietHours | undefined;
  readonly now: () => Instant;
  readonly log: Log;
}

type IncidentNews = Extract<DirectNews, { readonly about: unknown }>;

/** A first message is there within seconds; a channel that takes none shall not hold up direct messages for long. */
const linkWithinMs = 2 * 60_000;
const lookAgainMs = 5_000;
const dayMs = 24 * 3_600_000;

/** Tells those who follow an incident that it has opened, or settled: at once, or when it is not quiet for them any more. */
export function createTellFollowers(options: FollowersOptions): (incident: Incident) => Promise<void> {
  const { verbs, now } = options;
  return async (incident) => {
    const what = incident.status === "settled" ? "settled" : "opened";
    if (incident.telling?.followers === what) return;
    const at = now();
    const following = followersOf(await verbs.followers(), incident);
    const thread = await verbs.findMessage(incident.id, "headline");
    if (!thread && following.length > 0 && isYoung(incident, at)) return lookAgain(options, incident, at);
    const news = { kind: what, about: { incident, ...(thread && { thread }) } } as const;
    const reached: string[] = [];
    for (const follower of following) if (await tellOne(options, follower, news, at)) reached.push(follower.user);
    await noteTold(verbs, incident.id, what, reached);
  };
}

/** Nobody needs to hear of the end of what they did not hear of, nor twice of the beginning. */
async function tellOne(options: FollowersOptions, follower: Follower, news: IncidentNews, at: Instant): Promise<boolean> {
  const { verbs } = options;
  const { kind: what, about } = news;
  const { id: incidentId, telling } = about.incident;
  const { user } = follower;
  const hasHeard = telling?.openedTo?.includes(user) ?? false;
  if (what === "settled" && !hasHeard) await verbs.forgetWaiting(user, [incidentId]);
  if ((what === "settled") !== hasHeard) return false;
  return reach(options, follower, [{ incidentId, what, at }], () => verbs.sayDirect(user, news, at));
}

function isYoung({ telling }: Incident, at: Instant): boolean {
  return telling?.toldAt !== undefined && at - telling.toldAt < linkWithinMs;
}

/** It is to link to the thread, and the thread is not there yet. */
async function lookAgain({ verbs }: FollowersOptions, { id }: Incident, at: Instant): Promise<void> {
  const { slot, delayMs } = soon(at);
  await verbs.enqueue("announce", { incidentId: id }, { id: `announce/${id}/link/${slot}`, delayMs });
}

function soon(at: Instant): { readonly slot: number; readonly delayMs: number } {
  const slot = Math.floor(at / lookAgainMs) + 1;
  return { slot, delayMs: slot * lookAgainMs - at };
}

/** Tells those who follow some incidents of a storm, once a storm; of what joins later they hear when it has its own message. */
export function createTellStormFollowers(options: FollowersOptions): (view: StormView) => Promise<void> {
  const { verbs, now } = options;
  return async (view) => {
    const at = now();
    const news = (await verbs.followers())
      .map((follower) => ({ follower, incidents: view.incidents.filter((one) => isNews(one, follower)) }))
      .filter(({ incidents }) => incidents.length > 0);
    const thread = await verbs.findMessage(view.id, "storm");
    if (!thread && news.length > 0 && at - view.startedAt < linkWithinMs) {
      const { slot, delayMs } = soon(at);
      const again = { id: `storm/${view.channel}/link/${slot}`, delayMs };
      return verbs.enqueue("storm", { channel: view.channel, later: true }, again);
    }
    for (const { follower, incidents } of news) {
      const { user } = follower;
      const waiting = incidents.map(({ id }): Waiting => ({ incidentId: id, what: "opened", at }));
      await reach(options, follower, waiting, async () => {
        if (!(await verbs.claim(`direct/${view.id}/${user}`, "storm", dayMs))) return;
        await verbs.sayDirect(user, { kind: "storm", storm: view, incidents, ...(thread && { thread }) }, at);
        for (const { id } of incidents) await noteOpened(verbs, id, [user]);
      });
    }
  };
}

function isNews(incident: Incident, follower: Follower): boolean {
  return (
    incident.status !== "settled" &&
    incident.telling?.openedTo?.includes(follower.user) !== true &&
    followersOf([follower], incident).length > 0
  );
}

function followersOf(followers: readonly Follower[], { key }: Incident): readonly Follower[] {
  return followers.filter(({ patterns }) => patterns.some((pattern) => covers(pattern, key)));
}
