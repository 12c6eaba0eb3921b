import type { App, BlockAction, ButtonAction, RespondFn } from "@slack/bolt";
import { answerTo, findRefusal, respondWith } from "#bot/answer.ts";
import { dressed, shared } from "#bot/dress.ts";
import { inTime, lookingText } from "#bot/in-time.ts";
import { createRecent } from "#bot/recent.ts";
import { findAsk } from "#bot/ask-value.ts";
import type { Answer } from "#bot/commands/command.ts";
import { type Typed, findCommand } from "#bot/commands/table.ts";
import type { Tools } from "./tools.ts";

/** Buttons under an answer: which of several was meant, and "Share to channel". Both ask anew, for the person who presses. */
export function listenForAsks(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.action<BlockAction<ButtonAction>>(
    { action_id: /^ask:\d$/, type: "block_actions" },
    async ({ ack, action, body, respond }) => {
      await ack();
      await recent.once(body.trigger_id, () => choose(tools, action.value, body, respond));
    },
  );
  app.action<BlockAction<ButtonAction>>({ action_id: "share", type: "block_actions" }, async ({ ack, action, body, respond }) => {
    await ack();
    await recent.once(body.trigger_id, () => share(tools, action.value, body, respond));
  });
}

/** What may be asked by a button: looking, never deciding. */
function findLook({ log }: Tools, value: string | undefined): string | undefined {
  const ask = findAsk(value);
  if (ask !== undefined && findCommand(ask).isLook === true) return ask;
  log.warn({}, "A button that asks nothing was pressed");
  return undefined;
}

const inPlace = { response_type: "ephemeral", replace_original: true } as const;

/** The answer takes the question's place. */
async function choose(tools: Tools, value: string | undefined, body: BlockAction, respond: RespondFn): Promise<void> {
  const text = findLook(tools, value);
  if (text === undefined) return;
  const { answer } = await inTime(tools, answerOurs(tools, { ...whoOf(body), text }), () =>
    respond({ ...inPlace, text: lookingText(text) }),
  );
  await respondWith(respond, inPlace, dressed(answer, text), tools.log);
}

/** Made anew from what was asked, for everybody; then what only one could see goes. */
async function share(tools: Tools, value: string | undefined, body: BlockAction, respond: RespondFn): Promise<void> {
  const text = findLook(tools, value);
  if (text === undefined) return;
  const who = whoOf(body);
  const { answer } = await inTime(tools, answerOurs(tools, { ...who, text, isPublic: true }), () =>
    respond({ ...inPlace, text: lookingText(text) }),
  );
  if (answer.isPersonal) return respondWith(respond, inPlace, dressed(answer, text), tools.log);
  const card = shared({ ...answer, card: await tools.withoutCalls(answer.card) }, text, who.user);
  const thread = threadOf(body);
  await respondWith(respond, { response_type: "in_channel", replace_original: false, ...thread }, card, tools.log);
  await respond({ delete_original: true });
}

async function answerOurs(tools: Tools, typed: Typed): Promise<Answer> {
  return (await findRefusal(tools, typed.user)) ?? answerTo(tools, typed);
}

function whoOf({ user, channel }: BlockAction) {
  return { user: user.id, channel: channel?.id ?? "", command: "/k8s-why" };
}

/** Where the answer stood in a thread, so does what is shared. */
function threadOf({ container }: BlockAction): { thread_ts?: string } {
  const thread: unknown = container["thread_ts"];
  return typeof thread === "string" ? { thread_ts: thread } : {};
}
