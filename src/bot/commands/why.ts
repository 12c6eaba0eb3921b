import type { Command } from "./command.ts";
import { renderExplanation } from "#bot/cards/explanation.ts";

/** Why a workload is at its size. */
export const why: Command = {
  words: ["why"],
  help: [{ type: "<workload>", does: "says why a workload is at its size." }],
  answer: async ({ press, threads, now }, { rest }) => {
    const explanation = await press.explain(rest);
    const thread = explanation.kind === "incident" ? threads.addressOf(explanation.incident.id) : undefined;
    return { card: renderExplanation(rest, explanation, { now: now(), ...(thread === undefined ? {} : { thread }) }) };
  },
};
