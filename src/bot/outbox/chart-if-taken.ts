import type { Card } from "#bot/blocks.ts";
import { fittedCard } from "#bot/limits/fitted.ts";
import { slackReason } from "#bot/web-client.ts";
import type { ChartPort } from "#domain/ports/outbox.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { isAboutBlocks, isAboutCard } from "./refusals.ts";
import { simplerIfRefused } from "./simpler.ts";

/** What is remembered of charts, and where it is said. */
export interface Charts extends ChartPort {
  readonly log: Log;
}

/**
 * Sends a card with Slack's own chart; where the workspace takes none, with what stands in its place, in the same turn. That is
 * remembered once the same message was taken without the chart: then it was the chart that was refused.
 */
export async function chartIfTaken<T>(card: Card, charts: Charts, run: (card: Card) => Promise<T>): Promise<T> {
  const { log } = charts;
  if (!card.blocks.some(isChart)) return simplerIfRefused(card, log, run);
  const refusal = (await areRefused(charts)) ? undefined : await tried(run, fittedCard(card, log));
  if (refusal && "answer" in refusal) return refusal.answer;
  let hasBlocks = false;
  const answer = await simplerIfRefused(withoutChart(card), log, (simpler) => {
    hasBlocks = simpler.blocks.length > 0;
    return run(simpler);
  });
  if (refusal && isAboutBlocks(refusal.word) && hasBlocks) await remember(charts);
  return answer;
}

function isChart({ type }: { readonly type: string }): boolean {
  return type === "data_visualization";
}

function withoutChart({ text, blocks, insteadOfChart = [] }: Card): Card {
  return { text, blocks: blocks.flatMap((block) => (isChart(block) ? insteadOfChart : [block])) };
}

/** The answer, or Slack's word for why it takes no such card; it posted nothing then. */
async function tried<T>(run: (card: Card) => Promise<T>, { text, blocks }: Card): Promise<{ answer: T } | { word?: string }> {
  try {
    return { answer: await run({ text, blocks }) };
  } catch (error) {
    const word = slackReason(error);
    if (!isAboutCard(word)) throw error;
    return { word };
  }
}

/** While that cannot be read the chart is tried: at worst it is refused once more. */
async function areRefused({ areChartsRefused }: Charts): Promise<boolean> {
  return areChartsRefused().catch(() => false);
}

/** The message stands: that this cannot be written down must not have it posted again. */
async function remember({ rememberRefusedChart, log }: Charts): Promise<void> {
  try {
    await rememberRefusedChart();
    log.info({}, "This workspace takes no chart of Slack's own: for a day headlines show the picture instead");
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "That this workspace takes no chart could not be written down");
  }
}
