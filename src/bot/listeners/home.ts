import type { App, BlockAction, ButtonAction } from "@slack/bolt";
import type { Tools } from "./tools.ts";
import { createRecent } from "#bot/recent.ts";
import { fittedView } from "#bot/limits/fitted.ts";
import { renderHome } from "#bot/cards/home.ts";

/** Somebody opens the app's page, or presses Refresh on it: it is made anew, for them. */
export function listenForHome(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  app.event("app_home_opened", async ({ event, body }) => {
    if (event.tab !== "home") return;
    await recent.once(body.event_id, () => publish(tools, event.user));
  });
  app.action<BlockAction<ButtonAction>>({ action_id: "home:refresh", type: "block_actions" }, async ({ ack, body }) => {
    await ack();
    await recent.once(body.trigger_id, () => publish(tools, body.user.id));
  });
}

async function publish({ call, home, threads, now, log, isStranger }: Tools, user: string): Promise<void> {
  // Where Slack cannot say who somebody is, the page says that.
  if (await isStranger(user).catch(() => false)) return;
  const page = await home.homeOf(user);
  for (const { incident, thread } of page.told?.open ?? []) if (thread) threads.remember(incident.id, thread);
  const view = renderHome(page, now(), ({ incident }) => threads.addressOf(incident.id));
  await call("show the app's page", (client) => client.views.publish({ user_id: user, view: fittedView(view, log) }));
}
