import type { Command } from "./command.ts";
import { renderPools } from "#bot/cards/pools.ts";

/** The nodes, of each cluster. */
export const nodes: Command = {
  words: ["nodes"],
  section: "look",
  isLook: true,
  help: [{ type: "nodes", does: "counts the nodes: now, usual, joined since it began, cordoned." }],
  answer: async ({ look, now }) => ({ card: renderPools(await look.pools(), now()) }),
};
