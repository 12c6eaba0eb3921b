import type { Answer, Asked, Command } from "./command.ts";
import type { Tools } from "#bot/listeners/tools.ts";
import { escape } from "#bot/escape.ts";
import { person } from "#bot/words.ts";
import { section } from "#bot/blocks.ts";

/** Turns all acts off for everybody. */
export const stop: Command = {
  words: ["stop"],
  section: "decide",
  help: [{ type: "stop [reason]", does: "turns all acts off for everybody." }],
  answer: (tools, asked) => turn(tools, asked, true),
};

/** Turns them on again. */
export const go: Command = {
  words: ["go"],
  section: "decide",
  help: [{ type: "go", does: "turns them on again." }],
  answer: (tools, asked) => turn(tools, asked, false),
};

/** Everybody in the channel reads that acts are off, or on again, and who said so. */
async function turn({ press }: Tools, { rest, user }: Asked, on: boolean): Promise<Answer> {
  const { done, text } = await press.stop({ user, on, ...(rest !== "" && { reason: rest }) });
  const said = done ? `${person(user)}: ${text}${rest === "" ? "" : ` Reason: ${escape(rest, 300)}`}` : text;
  return {
    card: { text: done ? text : said, blocks: [section(`${on && done ? ":octagonal_sign: " : ""}${said}`)] },
    isForAll: done,
  };
}
