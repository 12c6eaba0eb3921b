import type { App } from "@slack/bolt";
import type { Card } from "#bot/blocks.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import type { Tools } from "./tools.ts";
import { type Read, readWords } from "#bot/read-words.ts";
import { answerTo, findRefusal } from "#bot/answer.ts";
import { code } from "#bot/escape.ts";
import { commands } from "#bot/commands/table.ts";
import { createRecent } from "#bot/recent.ts";
import { inTime, lookingText } from "#bot/in-time.ts";
import { messageOf } from "#lib/errors.ts";
import { postMessage } from "#bot/web-client.ts";
import { simplerIfRefused } from "#bot/outbox/simpler.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { z } from "zod";

const mentioned = z.object({
  user: z.string().max(30),
  channel: z.string().max(30),
  text: z.string().default(""),
  ts: z.string().max(30),
  thread_ts: z.string().max(30).optional(),
  bot_id: z.undefined().optional(),
});

type Mention = z.infer<typeof mentioned>;

/** Somebody asks in words, in any thread: the answer stands there too. What decides something is not done in words. */
export function listenForMentions(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.event("app_mention", async ({ event, body }) => {
    const mention = mentioned.safeParse(event).data;
    // Bots that answer each other never end.
    if (mention === undefined) return;
    await recent.once(body.event_id, () => answerMention(tools, mention));
  });
}

async function answerMention(tools: Tools, mention: Mention): Promise<void> {
  const thread: MessageRef = { channel: mention.channel, ts: mention.thread_ts ?? mention.ts };
  const looking = lookingText(mention.text.replace(/<@[^<>]*>/g, "").trim());
  const { answer: card, said } = await inTime(tools, cardFor(tools, mention, thread), () =>
    post(tools, thread, { text: looking, blocks: [] }),
  );
  if (said === undefined) await post(tools, thread, card);
  else await edit(tools, thread, said, card);
}

async function cardFor(tools: Tools, { text, user, channel }: Mention, thread: MessageRef): Promise<Card> {
  const refusal = await findRefusal(tools, user);
  if (refusal) return refusal.card;
  const read = await readMention(tools, text, thread);
  if ("other" in read)
    return { text: `That is not done in words: type ${code(`/k8s-why ${read.other}`, 60)}, or press a button.`, blocks: [] };
  if ("kind" in read) return read.kind === "help" ? renderHelp(commands) : { text: unclear, blocks: [] };
  const { card } = await answerTo(tools, { text: read.ask, user, channel, command: "/k8s-why", isPublic: true });
  return tools.withoutCalls(card);
}

/** Short: everybody in the thread reads it, maybe in the middle of an incident. */
const unclear =
  "I cannot read that. Ask me why a workload is at its size, what changed, what happened, what to do now, or how many nodes there are. `/k8s-why help` lists everything.";

/** What the store cannot say now it does not say: the words are still read. */
async function readMention({ look, log }: Tools, text: string, thread: MessageRef): Promise<Read> {
  const unknown = (error: unknown) => log.warn({ reason: messageOf(error) }, "What a mention is about could not be looked up");
  const [named, incident] = await Promise.all([look.namedIn(text).catch(unknown), look.findIncidentAt(thread).catch(unknown)]);
  const words = (isLook: boolean) => commands.filter((one) => (one.isLook ?? false) === isLook).flatMap((one) => one.words);
  return readWords(text, { named: named ?? [], ...(incident && { incident }), looks: words(true), others: words(false) });
}

async function post({ call, log }: Tools, { channel, ts }: MessageRef, card: Card): Promise<string | undefined> {
  const quiet = { unfurl_links: false, unfurl_media: false };
  const posted = await simplerIfRefused(card, log, ({ text, blocks }) =>
    call("answer a mention", (client) => postMessage(client, { channel, thread_ts: ts, text, blocks, ...quiet })),
  );
  return posted.ts;
}

async function edit({ call, log }: Tools, { channel }: MessageRef, ts: string, card: Card): Promise<void> {
  await simplerIfRefused(card, log, ({ text, blocks }) =>
    call("answer a mention", (client) => client.chat.update({ channel, ts, text, blocks })),
  );
}
