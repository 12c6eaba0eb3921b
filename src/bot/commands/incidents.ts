import type { Command } from "./command.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";

const dayMs = 24 * 3_600_000;
/** Days that are looked back for those that are over. */
const days = 7;

/** The open incidents, those of the last days that are over, or all of them; with their threads. */
export const incidents: Command = {
  words: ["incidents"],
  section: "look",
  isLook: true,
  help: [
    {
      type: "incidents [settled|all]",
      does: `lists the open incidents; or those of the last ${days} days that are over, or both.`,
    },
  ],
  answer: async ({ look, now, threads }, { rest }) => {
    const which = /^(settled|all)\b/i.exec(rest)?.[0].toLowerCase() ?? "open";
    const [open, since] = await Promise.all([
      which === "settled" ? [] : look.openIncidents(),
      which === "open" ? [] : look.incidentsSince(now() - days * dayMs),
    ]);
    const listed = [...open, ...since.filter(({ status }) => status === "settled")];
    return { card: renderIncidentList(listed, now(), (id) => threads.addressOf(id), which === "all" ? "" : which) };
  },
};
