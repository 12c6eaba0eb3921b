import { isJson, jsonList } from "#sim/slack/json.ts";
import { unescapeText } from "./mrkdwn.ts";
import type { Json, LocalSlack } from "./slack.ts";
import type { Usage } from "./state.ts";

/** What can be typed after a slash. */
interface Usages {
  /** What is known of it by now. */
  all(): readonly Usage[];
  /** Asks the program what its commands take, once. */
  learn(): void;
}

/** Knows a program's commands; what they take it asks as a person would, with `help`, and nobody sees the answer. */
export function createUsages(slack: LocalSlack, commands: readonly string[], changed: () => void): Usages {
  let known: readonly Usage[] = commands.map((type) => ({ type, does: "" }));
  let isAsked = false;
  const ask = async (): Promise<void> => {
    for (const command of commands) {
      const user = slack.users.find(({ isBot }) => !isBot)?.id ?? "";
      const answer = await slack.ask({ user, command, text: "help" });
      const own = answer ? usagesIn(answer, command) : [];
      if (own.length > 0) known = [...known.filter(({ type }) => type !== command), ...own];
    }
    changed();
  };
  return {
    all: () => known,
    learn: () => {
      if (isAsked || commands.length === 0) return;
      isAsked = true;
      // A program that is not there has no usages to tell of.
      ask().catch(() => undefined);
    },
  };
}

/** Lines of a help: the command as code, with or without a bullet, and what it does. */
export function usagesIn(answer: Json, command: string): Usage[] {
  const texts = jsonList(answer.blocks).map(({ text }) => (isJson(text) && typeof text.text === "string" ? text.text : ""));
  return [...texts.join("\n").matchAll(/^(?:• )?`([^`\n]+)` ?(.*)$/gmu)]
    .map(([, type = "", does = ""]) => ({ type: unescapeText(type), does: unescapeText(does.replaceAll("`", "")) }))
    .filter(({ type }) => type === command || type.startsWith(`${command} `));
}
