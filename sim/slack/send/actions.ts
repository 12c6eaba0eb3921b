import { optionsOf } from "#sim/slack/blocks/objects.ts";
import { formatMessage, formatView } from "#sim/slack/format.ts";
import { isJson, jsonList } from "#sim/slack/json.ts";
import type { Json, Message } from "#sim/slack/types.ts";
import { findMessage, latest, type Workspace } from "#sim/slack/workspace.ts";
import { channelName } from "./shortcuts.ts";
import { deliver, type Delivery, type SendOptions } from "./deliver.ts";
import { asForm, envelope, type SenderContext } from "./payload.ts";
import { stateOf, type ViewValues } from "./state.ts";
import { requireOpen } from "./submit.ts";

/** A press of a button in a message. */
export interface Press extends SendOptions {
  readonly user: string;
  readonly message: { readonly channel: string; readonly ts: string };
  readonly actionId: string;
  /** Which one, where several buttons have the same action id. */
  readonly value?: string;
}

/** A press of a button in a modal. */
export interface ViewPress extends SendOptions {
  readonly user: string;
  readonly view: string;
  readonly actionId: string;
  readonly value?: string;
  /** What the other inputs hold at that moment. */
  readonly values?: ViewValues;
}

/** Presses a button of a message that is really there, as Slack tells the program (`block_actions`). */
export async function pressButton(context: SenderContext, press: Press): Promise<Delivery> {
  const { workspace, triggers, responseUrls, wire } = context;
  const message = findMessage(workspace, press.message.channel, press.message.ts);
  if (!message || (message.ephemeralFor ?? press.user) !== press.user)
    throw new Error(`Cannot press "${press.actionId}": there is no message "${press.message.ts}" in ${press.message.channel}`);
  const action = findButton(latest(message).blocks, press);
  const payload = {
    type: "block_actions",
    ...envelope(workspace, press.user),
    container: containerOf(message),
    trigger_id: triggers.issue({ user: press.user }),
    channel: { id: message.channel, name: channelName(context, message.channel) },
    ...(message.ephemeralFor ? {} : { message: formatMessage(workspace, message) }),
    state: { values: {} },
    response_url: responseUrls.issue({ user: press.user, channel: message.channel, ts: message.ts }),
    actions: [actionOf(action, workspace)],
  };
  return await deliver(wire, asForm(payload), "form", press);
}

/** Presses a button of an open modal. */
export async function pressInView(context: SenderContext, press: ViewPress): Promise<Delivery> {
  const { workspace, triggers, wire } = context;
  const view = requireOpen(workspace, press);
  const payload = {
    type: "block_actions",
    ...envelope(workspace, press.user),
    container: { type: "view", view_id: view.id },
    trigger_id: triggers.issue({ user: press.user, viewId: view.id }),
    view: formatView(workspace, view, stateOf(view, press.values)),
    actions: [actionOf(findButton(jsonList(view.view.blocks), press), workspace)],
  };
  return await deliver(wire, asForm(payload), "form", press);
}

function containerOf(message: Message): Json {
  return {
    type: "message",
    message_ts: message.ts,
    channel_id: message.channel,
    is_ephemeral: message.ephemeralFor !== undefined,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
  };
}

/** The button, or the menu with its option, as it tells of being pressed or picked. */
function findButton(blocks: readonly Json[], wanted: { actionId: string; value?: string }): Json {
  const elements = blocks.flatMap((block) =>
    [...jsonList(block.elements), ...(isJson(block.accessory) ? [block.accessory] : [])].map((element): Json => ({
      ...element,
      block_id: block.block_id,
    })),
  );
  const found = elements
    .filter((element) => element.action_id === wanted.actionId)
    .map((element) => pressed(element, wanted.value))
    .find((each) => each !== undefined);
  if (!found) throw new Error(`Cannot press "${wanted.actionId}": there is no such button or option`);
  return found;
}

function pressed(element: Json, value: string | undefined): Json | undefined {
  if (element.type === "button") return value === undefined || element.value === value ? element : undefined;
  const option = optionsOf(element).find((each) => each.value === value);
  const { options: _options, option_groups: _groups, ...rest } = element;
  return option && { ...rest, selected_option: option };
}

function actionOf(button: Json, workspace: Workspace): Json {
  const { confirm: _confirm, ...rest } = button;
  return { ...rest, action_ts: workspace.nextTs() };
}
