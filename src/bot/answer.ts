import { type Answer, saying } from "./commands/command.ts";
import { type Typed, answerTyped } from "./commands/table.ts";
import type { Card } from "./blocks.ts";
import { type RespondFn, RespondError } from "@slack/bolt";
import type { Tools } from "./listeners/tools.ts";
import { fittedCard } from "#bot/limits/fitted.ts";
import { messageOf } from "#lib/errors.ts";

const cannot = saying("I cannot look that up right now. Please try again in a moment.");

/**
 * Why somebody is not answered: a channel may be shared with other companies. Slack offers a slash command to our own people alone, all
 * other doors ask.
 */
export async function findRefusal(
  { isStranger, log }: Pick<Tools, "isStranger" | "log">,
  user: string,
): Promise<Answer | undefined> {
  try {
    return (await isStranger(user)) ? saying("Only people of this workspace may ask.") : undefined;
  } catch (error) {
    log.warn({ user, reason: messageOf(error) }, "Somebody cannot be told, and learns nothing");
    return cannot;
  }
}

/** What was asked, answered; a sentence where that cannot be looked up now. Never throws. */
export async function answerTo(tools: Tools, typed: Typed): Promise<Answer> {
  try {
    return await answerTyped(tools, typed);
  } catch (error) {
    tools.log.error({ reason: messageOf(error) }, "A command could not be answered");
    return cannot;
  }
}

/** How an answer goes to a `response_url`, which works five times in half an hour, also where the app is no member. */
interface To {
  readonly response_type: "ephemeral" | "in_channel";
  readonly replace_original?: boolean;
  readonly thread_ts?: string;
}

/** Sends a card there; its text alone where Slack refuses the blocks. */
export async function respondWith(respond: RespondFn, to: To, card: Card, log: Tools["log"]): Promise<void> {
  const { text, blocks } = fittedCard(card, log);
  try {
    await respond({ ...to, text, blocks });
  } catch (error) {
    if (!(error instanceof RespondError) || error.statusCode !== 400) throw error;
    log.error({ reason: messageOf(error) }, "Slack refused a card; its text was sent alone");
    await respond({ ...to, text });
  }
}
