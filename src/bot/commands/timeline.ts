import type { Command } from "./command.ts";
import { saying } from "./command.ts";
import { aboutWorkload } from "./named.ts";
import { parseSince } from "#bot/since-text.ts";
import { renderHappenings } from "#bot/cards/happenings.ts";
import { timeZoneOf } from "#bot/time-zone.ts";

const dayMs = 24 * 3_600_000;

/** What happened to a workload. */
export const timeline: Command = {
  words: ["timeline"],
  section: "look",
  isLook: true,
  help: [
    { type: "timeline <workload> [since]", does: "lists what happened to it in 24 hours, or since `2h`, `yesterday 18:00`." },
  ],
  answer: async (tools, { rest, user }) => {
    const [name = ""] = rest.split(/\s+/, 1);
    const said = rest.slice(name.length).trim();
    const now = tools.now();
    const since = parseSince(said, { now, timeZone: said === "" ? "UTC" : await timeZoneOf(tools, user), usualMs: dayMs });
    if ("problem" in since) return saying(since.problem);
    return aboutWorkload(
      tools,
      name,
      (key) => `timeline ${key} ${said}`.trim(),
      async (key) => ({ card: renderHappenings(key, await tools.look.happenedTo(key, since.from), since.from, now) }),
    );
  },
};
