import { quietHoursOf, stormOf } from "#app/config/quiet.ts";
import type { Bot } from "#bot/bot.ts";
import type { JobTable } from "#app/jobs.ts";
import type { Parts } from "#app/parts.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { createCalls } from "#workflow/calls.ts";
import { createDigest } from "#workflow/digest.ts";
import { createShowStorm } from "#workflow/storm.ts";
import { createTellDue } from "#workflow/tell-due.ts";
import { createTellFollowers, createTellStormFollowers } from "#workflow/followers.ts";

/** Who hears of an incident, when, and in which message: the jobs that say it. */
export function createTelling(
  { store, enqueue, file, clock: { now }, log }: Pick<Parts, "store" | "enqueue" | "file" | "clock" | "log">,
  { slack, tell, people }: Pick<Bot, "slack" | "tell" | "people">,
): Pick<JobTable, "announce" | "storm" | "digest"> {
  const quietHours = quietHoursOf(file.slack.quietHours);
  const storm = stormOf(file.slack.storm);
  const verbs = { ...store, ...slack, enqueue };
  const following = { verbs, people, quietHours, now, log };
  const sayReply = createCalls({ verbs, quietHours, now });
  const tellDue = createTellDue({
    verbs: { ...verbs, sayReply },
    announce: createAnnounce({ verbs: { ...verbs, sayReply }, now }),
    tellFollowers: createTellFollowers(following),
    channelOf: tell.channelOf,
    storm,
    quietHours,
    now,
  });
  const tellStormFollowers = createTellStormFollowers(following);
  const around = {
    verbs: { ...verbs, onCallOf: tell.onCallOf },
    tell: tellDue,
    tellFollowers: tellStormFollowers,
    quietHours,
    now,
  };
  const showStorm = storm && createShowStorm({ ...around, settings: storm });
  const digest = createDigest(following);
  return {
    announce: ({ incidentId }) => tellDue(incidentId),
    digest: ({ user }) => digest(user),
    // Where storms are turned off there may be one from before.
    storm: async (data) => showStorm?.(data),
  };
}
