import type { Command } from "./command.ts";
import { renderSentences } from "#bot/cards/sentences.ts";

/** What who asks may do, and which rule says so. */
export const whoami: Command = {
  words: ["whoami"],
  help: [{ type: "whoami", does: "says what you may do, and which rule says so." }],
  answer: async ({ press }, { user }) => ({ card: renderSentences("What you may do", await press.whoami(user)) }),
};
