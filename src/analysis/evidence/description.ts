import type { EvidenceKind } from "./scene.ts";
import { count } from "#analysis/words.ts";

/** How it is described: length, and what it points to. Changes that need many words are changes that are hard to be sure of. */
export const description: EvidenceKind = ({ landing }) => {
  if (!landing) return undefined;
  const message = landing.message.slice(0, 10_000);
  const end = message.indexOf("\n");
  const title = end < 0 ? message : message.slice(0, end);
  const lines = end < 0 ? 0 : (message.slice(end).match(/\n[ \t]*[^\s]/g)?.length ?? 0);
  return {
    kind: "description",
    features: {
      messageLength: Math.log1p(message.length),
      messageLines: Math.min(20, lines),
      pullRequest: landing.pullRequest === undefined ? oneIf(/\(#\d+\)|Merge pull request/, message) : 1,
      // Not of a pull request: that is how GitHub lands one.
      merge: oneIf(/^merge (?!pull request)/i, title),
      names: oneIf(/^[ \t]*(bug|fixes|closes|refs?|jira|ticket)[: #]/im, message),
      tagged: oneIf(/^\[|^\w+(\(.*\))?!?:/, title),
      breaking: oneIf(/BREAKING|^\w+(\(.*\))?!:/, message),
    },
    text: () => sentence(lines, landing.pullRequest !== undefined),
  };
};

function sentence(lines: number, pulled: boolean): string {
  if (lines <= 0) return "It is described by its title only.";
  return `It is described in ${count(lines, "line")}${pulled ? ", and came as a pull request" : ""}.`;
}

function oneIf(pattern: RegExp, text: string): number {
  return pattern.test(text) ? 1 : 0;
}
