import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { QuietHours } from "#domain/quiet.ts";
import type { SilencePort } from "#domain/ports/quiet.ts";
import type { SlackPort } from "#domain/ports/slack.ts";
import { isUrgent } from "#analysis/urgent.ts";
import { quietUntil } from "#analysis/quiet-hours.ts";
import { silenceOf } from "#analysis/silence.ts";

/** Says a reply that calls nobody who is to be left alone now: of what has settled or is silenced, and in quiet hours of what can wait. Who did something is named all the same. */
export function createCalls({
  verbs,
  quietHours,
  now,
}: {
  readonly verbs: Pick<SilencePort, "silences"> & Pick<SlackPort, "sayReply">;
  readonly quietHours?: QuietHours | undefined;
  readonly now: () => Instant;
}): SlackPort["sayReply"] {
  const isLeftAlone = async (incident: Incident) => {
    // It came and went while nobody could be told.
    if (incident.status === "settled") return true;
    const at = now();
    if (quietUntil(quietHours, at) !== undefined && !isUrgent(incident)) return true;
    return silenceOf(await verbs.silences(), incident.key, at) !== undefined;
  };
  return async (incident, part, reply) => {
    const isAlone = (reply.callsOnCall || reply.escalates || reply.callsAuthor) && (await isLeftAlone(incident));
    // It is for nobody else, and comes when they are not left alone any more.
    if (isAlone && reply.callsAuthor) return;
    const { callsOnCall: _callsOnCall, escalates: _escalates, ...quietly } = reply;
    await verbs.sayReply(incident, part, isAlone ? quietly : reply);
  };
}
