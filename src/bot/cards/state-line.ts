import type { Incident, IncidentStatus } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { count, when } from "#bot/words.ts";

/** The state as one line, its first word after the emoji: `:red_circle: *Open* since 14:02`. */
export function stateLine(incident: Incident, now: Instant): string {
  const { status, holdingSince } = incident;
  const held =
    holdingSince === undefined ? "" : ` · ${nextWord(status)} if it stays so for 5 min, well since ${when(holdingSince, now)}`;
  return `${stateEmoji[status]} *${stateWord[status]}* ${since(incident, now)}${atCeiling(incident)}${status === "settled" ? "" : `${held} · read at ${when(incident.now.at, now)}`}`;
}

/** The state as Slack's emoji. */
export const stateEmoji: Readonly<Record<IncidentStatus, string>> = {
  open: ":red_circle:",
  mitigated: ":large_orange_circle:",
  recovered: ":large_yellow_circle:",
  settled: ":large_green_circle:",
};

/** The state as the first word of its line. */
export const stateWord: Readonly<Record<IncidentStatus, string>> = {
  open: "Open",
  mitigated: "Mitigated",
  recovered: "Recovered",
  settled: "Settled",
};

/** A count that only its ceiling holds is no success, though it rises no more. */
function atCeiling({ status, now: { desired, ceiling }, plan }: Incident): string {
  const capped = plan.some(({ kind, state }) => kind === "cap" && state === "done");
  if (status !== "mitigated" || capped || ceiling === undefined || desired < ceiling) return "";
  return `, only because its ceiling of ${count(ceiling)} is reached`;
}

function nextWord(status: IncidentStatus): string {
  return status === "recovered" ? "settled" : "recovered";
}

function since(incident: Incident, now: Instant): string {
  const at = {
    open: incident.openedAt,
    mitigated: incident.mitigatedAt,
    recovered: incident.recoveredAt,
    settled: incident.settledAt,
  }[incident.status];
  return `${incident.status === "settled" ? "at" : "since"} ${when(at ?? incident.now.at, now)}`;
}
