import type { App } from "@slack/bolt";
import { answerTo, respondWith } from "#bot/answer.ts";
import { inTime, lookingText } from "#bot/in-time.ts";
import { createRecent } from "#bot/recent.ts";
import { dressed } from "#bot/dress.ts";
import { mostCharacters } from "#bot/commands/table.ts";
import type { Tools } from "./tools.ts";
import { z } from "zod";

const id = z.string().max(30);
const typedCommand = z.object({
  text: z
    .string()
    .default("")
    .transform((text) => text.trim().slice(0, mostCharacters)),
  user_id: id,
  channel_id: id,
  command: z.string().max(60),
});

/** `/k8s-why`, under whatever name Slack knows it. Only the asker sees the answer, but what concerns all is said to all. */
export function listenForCommands(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack();
    await recent.once(command.trigger_id, async () => {
      const { text, ...who } = typedCommand.parse(command);
      const typed = { text, user: who.user_id, channel: who.channel_id, command: who.command };
      const { answer, said } = await inTime(tools, answerTo(tools, typed), () =>
        respond({ response_type: "ephemeral", text: lookingText(text || "incidents") }),
      );
      // Slack replaces nothing at a command's response_url so far (bolt-js#2287): then the answer stands below.
      const replace = said === undefined ? {} : { replace_original: true };
      const to = { response_type: answer.isForAll ? "in_channel" : "ephemeral", ...replace } as const;
      await respondWith(respond, to, dressed(answer, text), tools.log);
    });
  });
}
