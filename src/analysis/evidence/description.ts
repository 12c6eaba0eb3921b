import type { EvidenceKind } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** How it is described: length, and what it points to. Changes that need many words are changes that are hard to be sure of. */
export const description: EvidenceKind = ({ landing }) => {
  if (!landing) return undefined;
  const message = landing.message.slice(0, 10_000);
  const end = message.indexOf("\n");
  const title = end < 0 ? message : message.slice(0, end);
  const lines = end < 0 ? 0 : (message.slice(end).match(/\n\s*\S/g)?.length ?? 0);
  return {
    kind: "description",
    features: {
      messageLength: Math.log1p(message.length),
      messageLines: Math.min(20, lines),
      pullRequest: landing.pullRequest !== undefined || /\(#\d+\)|Merge pull request/.test(message) ? 1 : 0,
      merge: /^merge\b/i.test(title) ? 1 : 0,
      names: /^\s*(bug|fixes|closes|refs?|jira|ticket)[: #]/im.test(message) ? 1 : 0,
      tagged: /^\[|^\w+(\(.*\))?!?:/.test(title) ? 1 : 0,
      breaking: /BREAKING|^\w+(\(.*\))?!:/.test(message) ? 1 : 0,
    },
    text: () => sentence(lines, landing.pullRequest !== undefined),
  };
};

function sentence(lines: number, pulled: boolean): string {
  if (lines <= 0) return "It is described by its title only.";
  return `It is described in ${count(lines, "line")}${pulled ? ", and came as a pull request" : ""}.`;
}
