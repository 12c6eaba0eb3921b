import type { App, MessageShortcut } from "@slack/bolt";
import { type Answer, saying } from "#bot/commands/command.ts";
import { answerTo, findRefusal, respondWith } from "#bot/answer.ts";
import { inTime, lookingText } from "#bot/in-time.ts";
import { createRecent } from "#bot/recent.ts";
import { dressed } from "#bot/dress.ts";
import { messageOf } from "#lib/errors.ts";
import { mostChoices } from "#bot/cards/choices.ts";
import { shortKey } from "#bot/words.ts";
import { textOfMessage } from "#bot/message-text.ts";
import type { Tools } from "./tools.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import { z } from "zod";

const who = z.object({ id: z.string().max(30) });
/** The message is foreign, and of any shape. */
const picked = z.object({ user: who, channel: who, message: z.unknown() });

/** The message is somebody else's. */
const below = { response_type: "ephemeral", replace_original: false } as const;

/** "Why?" on any message, say another tool's alert: what is with the workload that it names. The app need not be in that channel. */
export function listenForShortcuts(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.shortcut<MessageShortcut>({ callback_id: "why", type: "message_action" }, async ({ ack, shortcut, respond }) => {
    await ack();
    await recent.once(shortcut.trigger_id, async () => {
      const { user, channel, message } = picked.parse(shortcut);
      const { answer: found } = await inTime(tools, answerFor(tools, message, { user: user.id, channel: channel.id }), () =>
        respond({ ...below, text: lookingText("why") }),
      );
      await respondWith(respond, below, dressed(found.answer, found.asked), tools.log);
    });
  });
}

interface Found {
  /** As it would be typed. */
  readonly asked: string;
  readonly answer: Answer;
}

async function answerFor(tools: Tools, message: unknown, who: { user: string; channel: string }): Promise<Found> {
  const refusal = await findRefusal(tools, who.user);
  if (refusal) return { asked: "why", answer: refusal };
  try {
    const named = await tools.look.namedIn(textOfMessage(message));
    const [only] = named;
    if (only === undefined) return { asked: "why", answer: saying(nothing) };
    if (named.length > 1) return { asked: "why", answer: several(named) };
    const asked = `why ${only}`;
    return { asked, answer: await answerTo(tools, { ...who, text: asked, command: "/k8s-why" }) };
  } catch (error) {
    tools.log.error({ reason: messageOf(error) }, "A message could not be looked through");
    return { asked: "why", answer: saying("I cannot look that up right now. Please try again in a moment.") };
  }
}

const nothing = "I find no workload in this message that I watch. `/k8s-why` with a name asks about one.";

function several(named: readonly WorkloadKey[]): Answer {
  const choices = named.slice(0, mostChoices).map((key) => ({ label: shortKey(key), ask: `why ${key}` }));
  const text = "This message names several workloads. Which do you mean?";
  return { card: { text, blocks: [] }, choices, isPersonal: true };
}
