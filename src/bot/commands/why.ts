import type { Command } from "./command.ts";
import { renderExplanation } from "#bot/cards/explanation.ts";
import { aboutWorkload } from "./named.ts";

/** Why a workload is at its size. */
export const why: Command = {
  words: ["why"],
  section: "look",
  isLook: true,
  help: [{ type: "<workload>", does: "says why a workload is at its size." }],
  answer: (tools, { rest }) =>
    aboutWorkload(
      tools,
      rest,
      (key) => `why ${key}`,
      async (key) => {
        const { press, threads, now } = tools;
        const explanation = await press.explain(key);
        const thread = explanation.kind === "incident" ? threads.addressOf(explanation.incident.id) : undefined;
        return { card: renderExplanation(key, explanation, { now: now(), ...(thread === undefined ? {} : { thread }) }) };
      },
    ),
};
