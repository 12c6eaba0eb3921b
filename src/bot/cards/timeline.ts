import type { Incident, TimelineEntry, TimelineKind } from "#domain/incident.ts";
import { context, section } from "#bot/blocks.ts";
import { count, shortName, when } from "#bot/words.ts";
import { fitMiddle, pack } from "#bot/fit.ts";
import type { Card } from "#bot/blocks.ts";
import { escape } from "#bot/escape.ts";

const mostCharacters = 9_000;
const sectionLimit = 2_900;

/** The incident's ordered record as text, cut from the middle where it is too long. */
export function renderTimeline(incident: Incident): Card {
  const entries = [...incident.timeline].sort((left, right) => left.at - right.at);
  const lines = fitMiddle(
    entries.map((entry) => timelineLine(entry, incident.openedAt)),
    mostCharacters,
  );
  const title = `*Timeline* of \`${shortName(incident.workload, 130)}\``;
  return {
    text: `Timeline of ${shortName(incident.workload)}, ${count(entries.length)} ${entries.length === 1 ? "entry" : "entries"}`,
    blocks: [section(title), ...(lines.length === 0 ? [context("Nothing yet.")] : pack(lines, sectionLimit).map(section))],
  };
}

/** An entry as a line; `near`: moments far from it carry their day. */
export function timelineLine({ at, kind, text }: TimelineEntry, near: number): string {
  return `${when(at, near, dayAfterMs)}  ${kindEmoji[kind]} ${escape(text, 240)}`;
}

/** Entries of the evening before carry their day: 19:37 beside 01:35 reads as if it came later. */
const dayAfterMs = 4 * 3_600_000;

const kindEmoji: Readonly<Record<TimelineKind, string>> = {
  alert: ":rotating_light:",
  illness: ":stethoscope:",
  landing: ":twisted_rightwards_arrows:",
  rollout: ":package:",
  scaling: ":straight_ruler:",
  autoscaler: ":level_slider:",
  "config-edit": ":gear:",
  reported: ":triangular_flag_on_post:",
  replicas: ":chart_with_upwards_trend:",
  nodes: ":desktop_computer:",
  act: ":hand:",
  state: ":checkered_flag:",
};
