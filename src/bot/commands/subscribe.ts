import type { Answer, Asked, Command } from "./command.ts";
import { quietLine, renderFollowAnswer, renderSubscriptions } from "#bot/cards/quiet.ts";
import type { FollowAnswer } from "#domain/ports/quiet.ts";
import { parseQuiet } from "#bot/quiet-text.ts";
import { renderChoices } from "#bot/cards/choices.ts";
import { saying } from "./command.ts";
import { timeZoneOf } from "#bot/time-zone.ts";

/** Somebody wants a direct message when an incident of a workload opens, and when it settles. */
export const subscribe: Command = {
  words: ["subscribe", "follow"],
  help: [{ type: "subscribe <workload>", does: "writes to you when it has an incident; `shop/*` is all of a namespace." }],
  answer: (tools, asked) => ask(asked, tools.press.subscribe),
};

/** Not any more. */
export const unsubscribe: Command = {
  words: ["unsubscribe", "unfollow"],
  help: [{ type: "unsubscribe <workload>", does: "ends that." }],
  answer: (tools, asked) => ask(asked, tools.press.unsubscribe),
};

/** What they follow. */
export const subscriptions: Command = {
  words: ["subscriptions"],
  help: [{ type: "subscriptions", does: "lists what you follow, and your quiet hours." }],
  answer: async ({ press }, { user }) => ({ isPersonal: true, card: renderSubscriptions(await press.subscriptions(user)) }),
};

/** When direct messages are to wait. */
export const quiet: Command = {
  words: ["quiet"],
  help: [{ type: "quiet 22:00-7:00", does: "keeps direct messages to you until the end of that; `quiet off` never does." }],
  answer: async (tools, { rest, user }) => {
    const { press } = tools;
    const read = parseQuiet(rest, await timeZoneOf(tools, user));
    if ("problem" in read) return saying(read.problem);
    if ("show" in read) return saying(quietLine((await press.subscriptions(user))?.quiet));
    await press.keepQuiet(user, read.quiet);
    return saying(quietLine(read.quiet));
  },
};

async function ask(
  { rest, user }: Asked,
  request: (asked: { workload: string; user: string }) => Promise<FollowAnswer>,
): Promise<Answer> {
  const [workload = ""] = rest.split(/\s+/, 1);
  if (workload === "") return saying("Say of what: `subscribe shop/web`, or `subscribe shop/*` for all of a namespace.");
  const answer = await request({ workload, user });
  if (answer.kind === "unknown")
    return { isPersonal: true, card: renderChoices(workload, { kind: "unknown", keys: answer.similar }) };
  return { isPersonal: true, card: renderFollowAnswer(answer) };
}
