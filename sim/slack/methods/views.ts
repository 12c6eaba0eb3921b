import { asText } from "#sim/slack/json.ts";
import { failWith, SlackFailure } from "#sim/slack/failure.ts";
import { formatView } from "#sim/slack/format.ts";
import { openView, publishHome, readView, updateView } from "#sim/slack/modals.ts";
import type { Json, View } from "#sim/slack/types.ts";
import type { Workspace } from "#sim/slack/workspace.ts";
import type { Method, MethodContext } from "./method.ts";

function open(args: Json, { workspace, triggers }: MethodContext): Json {
  const content = readView(args.view, workspace);
  const trigger = triggers.exchange(args.trigger_id);
  return { view: formatView(workspace, openView(workspace, trigger.user, content)) };
}

function push(args: Json, { workspace, triggers }: MethodContext): Json {
  const content = readView(args.view, workspace);
  const trigger = triggers.exchange(args.trigger_id);
  const parent = workspace.views.get(trigger.viewId ?? "");
  if (!parent?.open) throw new SlackFailure("not_found");
  return { view: formatView(workspace, openView(workspace, trigger.user, content, parent)) };
}

function update(args: Json, { workspace }: MethodContext): Json {
  const content = readView(args.view, workspace);
  const view = findView(args, workspace);
  if (!view?.open) throw new SlackFailure("not_found");
  const hash = typeof args.hash === "string" ? args.hash : undefined;
  return { view: formatView(workspace, updateView(workspace, view, content, hash)) };
}

function findView(args: Json, workspace: Workspace): View | undefined {
  if (args.view_id) return workspace.views.get(asText(args.view_id));
  if (!args.external_id) return undefined;
  return [...workspace.views.values()].find((view) => view.view.external_id === args.external_id);
}

function publish(args: Json, { workspace }: MethodContext): Json {
  const content = readView(args.view, workspace, "home");
  const user = asText(args.user_id);
  if (!workspace.users.has(user)) throw failWith("invalid_arguments", ["[ERROR] invalid user [json-pointer:/user_id]"]);
  const hash = typeof args.hash === "string" ? args.hash : undefined;
  return { view: formatView(workspace, publishHome(workspace, user, content, hash)) };
}

/** Methods that show modals and the app's page. */
export const viewMethods: Readonly<Record<string, Method>> = {
  "views.open": { call: open },
  "views.push": { call: push },
  "views.update": { call: update },
  "views.publish": { call: publish },
};
