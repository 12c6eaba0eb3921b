import type { Json, Message } from "#sim/slack/types.ts";
import { pressButton, pressInView, type Press, type ViewPress } from "./actions.ts";
import { ask, slashCommand, type SlashCommand } from "./commands.ts";
import type { Delivery } from "./deliver.ts";
import { say, sendEvent, type Saying, type SlackEvent } from "./events.ts";
import { openHome } from "./home.ts";
import type { SenderContext } from "./payload.ts";
import { globalShortcut, messageShortcut, type GlobalShortcut, type MessageShortcut } from "./shortcuts.ts";
import { closeView, submitView, type Submission, type Submitted } from "./submit.ts";

/** What people in the workspace can do; each becomes a signed request to the program. */
export interface Hands {
  pressButton(press: Press): Promise<Delivery>;
  /** A press in a modal or on the app's page. */
  pressInView(press: ViewPress): Promise<Delivery>;
  submitView(submission: Submission): Promise<Submitted>;
  closeView(closing: { user: string; view: string }): Promise<Delivery | undefined>;
  slashCommand(typed: SlashCommand): Promise<Delivery & { refused?: string }>;
  /** A slash command whose first answer nobody sees; undefined when none comes in time. */
  ask(typed: SlashCommand): Promise<Json | undefined>;
  event(sent: SlackEvent): Promise<Delivery & { eventId: string }>;
  say(saying: Saying): Promise<{ message: Message; delivery?: Delivery }>;
  openHome(opened: { user: string; tab?: "home" | "messages" }): Promise<Delivery>;
  messageShortcut(picked: MessageShortcut): Promise<Delivery>;
  globalShortcut(picked: GlobalShortcut): Promise<Delivery>;
}

/** The hands of the people in a workspace. */
export function createHands(context: SenderContext): Hands {
  return {
    pressButton: (press) => pressButton(context, press),
    pressInView: (press) => pressInView(context, press),
    submitView: (submission) => submitView(context, submission),
    closeView: (closing) => closeView(context, closing),
    slashCommand: (typed) => slashCommand(context, typed),
    ask: (typed) => ask(context, typed),
    event: (sent) => sendEvent(context, sent),
    say: (saying) => say(context, saying),
    openHome: (opened) => openHome(context, opened),
    messageShortcut: (picked) => messageShortcut(context, picked),
    globalShortcut: (picked) => globalShortcut(context, picked),
  };
}
