import type { App } from "@slack/bolt";
import { answerTyped } from "#bot/commands/table.ts";
import { type Answer, saying } from "#bot/commands/command.ts";
import { createRecent } from "#bot/recent.ts";
import { messageOf } from "#lib/errors.ts";
import type { Tools } from "./tools.ts";

/** `/k8s-why`, under whatever name Slack knows it. Only the asker sees the answer, but what concerns all is said to all. */
export function listenForCommands(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack();
    await recent.once(command.trigger_id, async () => {
      const { user_id: user, channel_id: channel } = command;
      const { card, isForAll = false } = await answer(tools, {
        text: command.text ?? "",
        user,
        channel,
        command: command.command,
      });
      await respond({ response_type: isForAll ? "in_channel" : "ephemeral", text: card.text, blocks: card.blocks });
    });
  });
}

async function answer(tools: Tools, typed: Parameters<typeof answerTyped>[1]): Promise<Answer> {
  try {
    return await answerTyped(tools, typed);
  } catch (error) {
    tools.log.error({ reason: messageOf(error) }, "A command could not be answered");
    return saying("I cannot look that up right now. Please try again in a moment.");
  }
}
