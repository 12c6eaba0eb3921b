import type { Command } from "./command.ts";
import { renderWhoami } from "#bot/cards/whoami.ts";

const mostIncidents = 5;

/** What who asks may do, and which rule says so; and what they may press now. */
export const whoami: Command = {
  words: ["whoami"],
  section: "decide",
  isLook: true,
  help: [{ type: "whoami", does: "says what you may press, and which rule says so." }],
  answer: async ({ press, look, now }, { user }) => {
    const [grants, open, stop] = await Promise.all([press.whoami(user), look.openIncidents(), press.findStop()]);
    const may = await Promise.all(
      open.slice(0, mostIncidents).map(async (incident) => ({ incident, steps: await look.pressable(user, incident) })),
    );
    return { card: renderWhoami(user, { grants, stop, may, openInAll: open.length }, now()), isPersonal: true };
  },
};
