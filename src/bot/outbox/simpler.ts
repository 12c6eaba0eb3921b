import type { Card } from "#bot/blocks.ts";
import { fittedCard } from "#bot/limits/fitted.ts";
import { isOptional } from "#bot/limits/blocks.ts";
import { slackReason } from "#bot/web-client.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { isAboutCard } from "./refusals.ts";

/**
 * Sends a card within Slack's limits. Where Slack refuses it all the same, without what the message can do without; then its text
 * alone: a plain sentence that arrives is worth more than a card that does not. Slack posted nothing when it refuses a card.
 */
export async function simplerIfRefused<T>(card: Card, log: Log, run: (card: Card) => Promise<T>): Promise<T> {
  const fit = fittedCard(card, log);
  const plainer = fit.blocks.filter((block) => !isOptional(block));
  for (const blocks of plainer.length < fit.blocks.length ? [fit.blocks, plainer] : [fit.blocks]) {
    try {
      return await run({ text: fit.text, blocks });
    } catch (error) {
      if (!isAboutCard(slackReason(error))) throw error;
      log.error({ reason: messageOf(error) }, "Slack refused a card; it is sent with less in it");
    }
  }
  return run({ text: fit.text, blocks: [] });
}
