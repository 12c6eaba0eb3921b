import type { Follower, Waiting } from "#domain/quiet.ts";
import type { FollowersOptions } from "./followers.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { quietUntil } from "#analysis/quiet-hours.ts";
import { within } from "#lib/within.ts";

/**
 * Says something to a person now; or, where it is quiet for them, keeps it until the end of that. False: it was not said. Who has left
 * follows nothing any more.
 */
export async function reach(
  options: Pick<FollowersOptions, "people" | "quietHours" | "now" | "log"> & {
    readonly verbs: Pick<FollowersOptions["verbs"], "forgetFollower" | "saveWaiting" | "enqueue">;
  },
  follower: Follower,
  waiting: readonly Waiting[],
  say: () => Promise<void>,
): Promise<boolean> {
  const { verbs, now } = options;
  const { user, quiet = options.quietHours } = follower;
  if (!(await isThere(options, user))) return false;
  const at = now();
  const until = quiet === "off" ? undefined : quietUntil(quiet, at);
  if (until === undefined) {
    await say();
    return true;
  }
  for (const one of waiting) await verbs.saveWaiting(user, one);
  await verbs.enqueue("digest", { user }, { id: `digest/${user}/${until}`, delayMs: until - at });
  return false;
}

/** Edits of its headline wait for it. Wall milliseconds. */
const patienceMs = 2_000;

/** While Slack cannot say, they are: a message to somebody who has left is given up, and one that is not sent is missed. */
async function isThere(
  {
    verbs,
    people,
    log,
  }: Pick<FollowersOptions, "people" | "log"> & {
    readonly verbs: Pick<FollowersOptions["verbs"], "forgetFollower">;
  },
  user: string,
): Promise<boolean> {
  try {
    const person = await within(patienceMs, "look up who somebody is", people.person(user));
    if (person.kind !== "deactivated") return true;
    await verbs.forgetFollower(user);
    log.info({ user }, "Somebody who has left follows nothing any more");
    return false;
  } catch (error) {
    const isLater = error instanceof TemporaryError;
    const saying = isLater
      ? "Nobody could say whether somebody is still there"
      : "Somebody who follows workloads cannot be told of them";
    log.warn({ user, reason: messageOf(error) }, saying);
    return isLater;
  }
}
