import type { Block, Card } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import type { Change, Landing, OtherChange, Rollout } from "#domain/change.ts";
import { wordsOf } from "#domain/change-words.ts";
import { escape, link, titleOf } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";
import { count, counted, shortKey, when } from "#bot/words.ts";
import type { Instant } from "#domain/workload.ts";

const mostGroups = 10;
const mostLines = 12;
/** All blocks together; Slack refuses somewhere above 13,200. */
const mostCharacters = 10_500;

/** Everything that changed since a moment: landings by repository, then the rest by kind; newest first in each. */
export function renderChangeList(changes: readonly Change[], from: Instant, now: Instant): Card {
  const what = changes.length === 0 ? "Nothing changed" : counted(changes.length, "change");
  const text = `${what} since ${when(from, now)}`;
  const groups = groupsOf(changes);
  const shown = groups.slice(0, mostGroups);
  // Each gets its share, so that a night of landings does not hide the one edit of an autoscaler.
  const room = Math.min(2_800, Math.floor(mostCharacters / Math.max(1, shown.length)) - 150);
  return {
    text,
    blocks: [
      section(`*${text}*`),
      ...shown.map((group) => groupBlock(group, now, room)),
      ...(groups.length > shown.length
        ? [section(`… ${count(groups.length - shown.length)} more groups; ask for less time.`)]
        : []),
    ],
  };
}

interface Group {
  readonly title: string;
  readonly changes: readonly Change[];
}

const kindTitles: Readonly<Record<Exclude<Change["kind"], "landing">, string>> = {
  rollout: "Rollouts",
  "autoscaler-edit": "Edits of autoscalers",
  scaling: "Counts set by hand or by tools",
  "config-edit": "Edits of configuration",
  "pool-change": "Nodes",
  reported: "Reported",
};

function groupsOf(changes: readonly Change[]): readonly Group[] {
  const landings = Map.groupBy(
    changes.filter((change) => change.kind === "landing"),
    ({ repository }) => repository,
  );
  const others = Map.groupBy(changes, ({ kind }) => kind);
  const byRepository = [...landings].map(([repository, landed]) => ({
    title: `Landed in ${escape(repository, 100)}`,
    changes: landed,
  }));
  const byKind = Object.entries(kindTitles).map(([kind, title]) => ({
    title,
    changes: others.get(kind as Change["kind"]) ?? [],
  }));
  return [...byKind.slice(0, 1), ...byRepository, ...byKind.slice(1)].filter((group) => group.changes.length > 0);
}

function groupBlock({ title, changes }: Group, now: Instant, room: number): Block {
  const lines = changes.toReversed().map((change) => `• ${when(change.at, now)} ${changeLine(change)}`);
  const more = lines.length > mostLines ? [`… ${count(lines.length - mostLines)} more`] : [];
  return section(`*${title}* (${count(changes.length)})\n${fitLines([...lines.slice(0, mostLines), ...more], room)}`);
}

function changeLine(change: Change): string {
  if (change.kind === "landing") return landingLine(change);
  return change.kind === "rollout" ? rolloutLine(change) : otherLine(change);
}

function landingLine({ sha, url, message, author }: Landing): string {
  return `${link(url, escape(sha.slice(0, 7), 20) || "commit")} ${titleOf(message, 90)} · ${escape(author.name, 40)}`;
}

function rolloutLine({ workload, revision, commit }: Rollout): string {
  const built = commit === undefined ? "" : ` from ${escape(commit.sha.slice(0, 7), 20)}`;
  return `${escape(shortKey(workload), 90)}: revision ${count(revision)}${built}`;
}

function otherLine(change: OtherChange): string {
  const words = escape(wordsOf(change), 140);
  if (change.kind === "reported") return `${link(change.url, words)}${change.by ? ` · ${escape(change.by, 40)}` : ""}`;
  return "workload" in change ? `${escape(shortKey(change.workload), 90)}: ${words}` : words;
}
