import type { Incident } from "#domain/incident.ts";
import type { FollowersOptions } from "./followers.ts";
import type { Heard } from "#domain/ports/quiet.ts";
import type { Waiting } from "#domain/quiet.ts";
import { noteOpened } from "./telling.ts";
import { reach } from "./reach.ts";

/** Tells a person, at the end of their quiet hours, what came meanwhile and is still of interest. */
export function createDigest(options: FollowersOptions): (user: string) => Promise<void> {
  const { verbs, now } = options;
  return async (user) => {
    const follower = await verbs.findFollower(user);
    const waiting = await verbs.waiting(user);
    const last = waiting.at(-1);
    if (!follower || !last) return;
    const heard = await Promise.all(waiting.map((one) => hear(options, one)));
    const open = heard.flatMap((one) => (one?.what === "opened" && one.incident.status !== "settled" ? [one] : []));
    const settled = heard.flatMap((one) => (one?.what === "settled" ? [one] : []));
    // They may have said meanwhile that it is quiet for longer.
    const said = await reach(options, follower, waiting, async () => {
      if (open.length + settled.length === 0) return;
      await verbs.sayDirect(user, { kind: "digest", open, settled, until: last.at }, now());
    });
    if (!said) return;
    for (const { incident } of open) await noteOpened(verbs, incident.id, [user]);
    await verbs.forgetWaiting(
      user,
      waiting.map(({ incidentId }) => incidentId),
    );
  };
}

async function hear(
  { verbs }: FollowersOptions,
  { incidentId, what }: Waiting,
): Promise<(Heard & { readonly incident: Incident; readonly what: Waiting["what"] }) | undefined> {
  const incident = await verbs.findIncident(incidentId);
  const thread = await verbs.findMessage(incidentId, "headline");
  return incident && { what, incident, ...(thread && { thread }) };
}
