import { SlackFailure } from "#sim/slack/failure.ts";
import { formatView } from "#sim/slack/format.ts";
import { directOf } from "#sim/slack/workspace.ts";
import type { Delivery } from "./deliver.ts";
import { sendEvent } from "./events.ts";
import type { SenderContext } from "./payload.ts";

/** Opens the app's page for a user (`app_home_opened`); with the view where one was published. */
export async function openHome(context: SenderContext, opened: { user: string; tab?: "home" | "messages" }): Promise<Delivery> {
  const { workspace } = context;
  const user = workspace.users.get(opened.user);
  if (!user) throw new SlackFailure("user_not_found");
  const tab = opened.tab ?? "home";
  const view = tab === "home" ? workspace.homes.get(user.id) : undefined;
  const event = {
    type: "app_home_opened",
    user: user.id,
    channel: directOf(workspace, user).id,
    tab,
    event_ts: workspace.nextTs(),
    ...(view ? { view: formatView(workspace, view) } : {}),
  };
  return await sendEvent(context, { event });
}
