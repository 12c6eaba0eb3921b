import type { App } from "@slack/bolt";
import type { Tools } from "./tools.ts";
import { postMessage } from "#bot/web-client.ts";
import { createRecent } from "#bot/recent.ts";
import { commands } from "#bot/commands/table.ts";
import { renderHelp } from "#bot/cards/help.ts";

/** Somebody calls the app by name: help, in the thread. */
export function listenForMentions(app: App, { call }: Tools): void {
  const recent = createRecent<void>();
  app.event("app_mention", async ({ event, body }) => {
    if (event.bot_id !== undefined) return;
    await recent.once(body.event_id, async () => {
      const card = renderHelp(commands);
      await call("answer a mention", (client) =>
        postMessage(client, {
          channel: event.channel,
          thread_ts: event.thread_ts ?? event.ts,
          text: card.text,
          blocks: card.blocks,
        }),
      );
    });
  });
}
