import type { Incident, TimelineEntry, TimelineKind } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { cut } from "#bot/fit.ts";
import { type Chart, type Mark, mostMarks } from "./chart.ts";

/** Marks close together that say the same are one. */
const sameMs = 60_000;

/** The marks of an incident in a stretch of time: those that tell most, by time; and how many found no room. */
export function marksOf(incident: Incident, from: Instant, to: Instant): Pick<Chart, "marks" | "marksLeft"> {
  const first = incident.diagnosis?.named ? incident.diagnosis.suspects[0]?.id : undefined;
  const told = incident.timeline.filter(
    ({ id, at, kind }) => kindOf[kind] !== undefined && at <= to && (at >= from || id === first),
  );
  const groups = grouped(told.toSorted((a, b) => a.at - b.at));
  const best = groups
    .toSorted((a, b) => weightOf(b, first) - weightOf(a, first) || a.entry.at - b.entry.at)
    .slice(0, mostMarks)
    .toSorted((a, b) => a.entry.at - b.entry.at);
  return { marks: best.map(toMark), marksLeft: groups.length - best.length };
}

/** What is drawn, and as what; counts are in the panels, and states in the strip below them. */
const kindOf: Partial<Record<TimelineKind, Mark["kind"]>> = {
  alert: "alert",
  illness: "alert",
  landing: "change",
  rollout: "change",
  scaling: "change",
  "config-edit": "change",
  reported: "change",
  autoscaler: "autoscaler",
  act: "act",
};

const weights: Partial<Record<TimelineKind, number>> = {
  act: 90,
  rollout: 70,
  autoscaler: 65,
  landing: 60,
  scaling: 50,
  "config-edit": 45,
  reported: 45,
  illness: 30,
  alert: 20,
};

interface Group {
  readonly entry: TimelineEntry;
  /** How many entries it stands for. */
  readonly times: number;
  /** Which of its kind it is: the first says most. */
  readonly nth: number;
}

/** Alerts of the same minute are one mark: a storm of them hides what was done. */
function grouped(entries: readonly TimelineEntry[]): Group[] {
  const groups: Group[] = [];
  const seen = new Map<TimelineKind, number>();
  for (const entry of entries) {
    const last = groups.findLastIndex((group) => group.entry.kind === entry.kind);
    const open = groups[last];
    if (open && isNoise(entry.kind) && entry.at - open.entry.at <= sameMs) groups[last] = { ...open, times: open.times + 1 };
    else {
      const nth = seen.get(entry.kind) ?? 0;
      seen.set(entry.kind, nth + 1);
      groups.push({ entry, times: 1, nth });
    }
  }
  return groups;
}

function isNoise(kind: TimelineKind): boolean {
  return kind === "alert" || kind === "illness";
}

function weightOf({ entry, nth }: Group, first: string | undefined): number {
  if (entry.id === first) return 100;
  // The first alert says when others noticed.
  return entry.kind === "alert" && nth === 0 ? 55 : (weights[entry.kind] ?? 0) - 10 * nth;
}

function toMark({ entry, times }: Group): Mark {
  // A key has room for some 25 letters: where it is from is said by the picture's title, and full stops say nothing.
  const label = cut((entry.short ?? entry.text).replace(/^\[[^\]]*\]\s*/, "").replace(/\.+$/, ""), 60);
  return { at: entry.at, kind: kindOf[entry.kind] ?? "change", label: times === 1 ? label : `${times} alerts` };
}
