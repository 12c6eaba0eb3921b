import type { Command } from "./command.ts";
import { renderPools } from "#bot/cards/pools.ts";

/** The nodes, of each cluster. */
export const nodes: Command = {
  words: ["nodes"],
  section: "look",
  isLook: true,
  help: [{ type: "nodes", does: "says how many nodes there are, how many are usual, joined lately or are cordoned." }],
  answer: async ({ look, now }) => ({ card: renderPools(await look.pools(), now()) }),
};
