import type { Command } from "./command.ts";
import { saying } from "./command.ts";
import { parseSince } from "#bot/since-text.ts";
import { renderChangeList } from "#bot/cards/change-list.ts";
import { timeZoneOf } from "#bot/time-zone.ts";

const usualMs = 2 * 3_600_000;

/** Everything that changed. */
export const changes: Command = {
  words: ["changes"],
  section: "look",
  isLook: true,
  help: [{ type: "changes [since]", does: "lists all that changed in 2 hours, or since `30m`, `18:00`." }],
  answer: async (tools, { rest, user }) => {
    const now = tools.now();
    const since = parseSince(rest, { now, timeZone: rest === "" ? "UTC" : await timeZoneOf(tools, user), usualMs });
    if ("problem" in since) return saying(since.problem);
    return { card: renderChangeList(await tools.look.changesSince(since.from), since.from, now) };
  },
};
