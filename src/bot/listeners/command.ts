import type { App } from "@slack/bolt";
import type { Card } from "#bot/blocks.ts";
import type { Tools } from "./tools.ts";
import { createRecent } from "#bot/recent.ts";
import { messageOf } from "#lib/errors.ts";
import { renderExplanation } from "#bot/cards/explanation.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";

/** `/k8s-why`, under whatever name Slack knows it: what is open, why one workload is at its size, help. Only the asker sees the answer. */
export function listenForCommands(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack();
    await recent.once(command.trigger_id, async () => {
      const card = await answer(tools, command.command, command.text ?? "");
      await respond({ response_type: "ephemeral", text: card.text, blocks: card.blocks });
    });
  });
}

async function answer(tools: Tools, command: string, text: string): Promise<Card> {
  const { press, threads, now, log } = tools;
  const asked = text.trim().slice(0, 400);
  try {
    if (asked === "") return renderIncidentList(await press.openIncidents(), now(), (id) => threads.addressOf(id));
    if (asked === "help") return renderHelp(command);
    const explanation = await press.explain(asked);
    const thread = explanation.kind === "incident" ? threads.addressOf(explanation.incident.id) : undefined;
    return renderExplanation(asked, explanation, { now: now(), ...(thread === undefined ? {} : { thread }) });
  } catch (error) {
    log.error({ reason: messageOf(error) }, "A command could not be answered");
    return { text: "I cannot look that up right now. Please try again in a moment.", blocks: [] };
  }
}
