import { count, counted, percent, shortName, when } from "#bot/words.ts";
import { namedSuspects, suspectLine } from "./suspect-words.ts";
import { stateEmoji, stateWord } from "./state-line.ts";
import type { Card } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { fitLines } from "#bot/fit.ts";
import { link } from "#bot/escape.ts";
import { section } from "#bot/blocks.ts";
import { troubleTitle } from "./trouble.ts";

/** Incidents, the open ones unless `kind` says otherwise, newest first; `threadOf` gives the address of a thread where it is known. */
export function renderIncidentList(
  incidents: readonly Incident[],
  now: Instant,
  threadOf: (incidentId: string) => string | undefined,
  kind = "open",
): Card {
  const what = kind === "" ? "" : `${kind} `;
  if (incidents.length === 0) return { text: `No ${what}incident.`, blocks: [section(`No ${what}incident.`)] };
  const newest = [...incidents].sort((left, right) => right.openedAt - left.openedAt);
  const text = counted(newest.length, `${what}incident`);
  return {
    text,
    blocks: [
      section(`*${text}*`),
      ...newest.slice(0, 10).map((incident) => section(incidentLine(incident, now, threadOf(incident.id)))),
      ...more(newest.length),
    ],
  };
}

/** An open incident as lines: state, size, first suspect, and where its thread is. */
export function incidentLine(incident: Incident, now: Instant, thread: string | undefined): string {
  const first = incident.diagnosis === undefined ? undefined : namedSuspects(incident.diagnosis)[0];
  const lines = [
    `${stateEmoji[incident.status]} *${shortName(incident.workload)}* ${stateWord[incident.status]}, opened at ${when(incident.openedAt, now)}`,
    troubleTitle(incident) ??
      `${count(incident.now.desired)} replicas, usually ${count(incident.usual.replicas)}; ${count(incident.now.nodes)} nodes`,
    first === undefined ? "No suspect" : `First suspect, ${percent(first.probability)}: ${suspectLine(first, 100)}`,
    link(thread, thread === undefined ? "" : "To the thread"),
  ];
  return fitLines(
    lines.filter((line) => line !== ""),
    2_900,
  );
}

function more(total: number) {
  return total > 10 ? [section(`… ${count(total - 10)} more`)] : [];
}
