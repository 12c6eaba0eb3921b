import type { Command } from "./command.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";

/** The open incidents, with their threads. */
export const incidents: Command = {
  words: ["incidents"],
  help: [{ type: "incidents", does: "lists the open incidents." }],
  answer: async ({ press, now, threads }) => ({
    card: renderIncidentList(await press.openIncidents(), now(), (id) => threads.addressOf(id)),
  }),
};
