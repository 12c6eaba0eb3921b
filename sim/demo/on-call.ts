import { createRandom } from "#sim/scenarios/random.ts";
import { findHeadlines, readHeadline, type Headline } from "./headline.ts";
import type { SimClock } from "#sim/clock.ts";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import type { Message, View } from "#sim/slack/types.ts";

/** The hands of the person on call. Everything they know comes from Slack. */
export interface OnCallOptions {
  readonly slack: LocalSlack;
  readonly clock: SimClock;
  readonly channel: string;
  /** Their Slack user id. */
  readonly user: string;
  /** A colleague's, who says yes where it takes two. */
  readonly second: string;
  readonly seed: number;
  /** Runs the down-migration that a modal asked for. */
  readonly runDownMigration: () => void;
  /** Only headlines about this service are theirs. */
  readonly about?: { readonly name: string };
  /** What can be taken back by hand once a headline names it first. */
  readonly undo?: { readonly isNamedBy: (headline: Headline) => boolean; readonly run: () => void };
  /** While it holds they press nothing of the plan. */
  readonly idle?: () => boolean;
  readonly tell: (what: string) => void;
}

/** What they did. */
export interface OnCall {
  /** The headline as it stood at the first press of Roll back. */
  readonly atRollback: () => Headline | undefined;
  /** The headline as it stood when something was taken back by hand. */
  readonly atUndo: () => Headline | undefined;
  readonly presses: () => readonly string[];
}

const order = ["step:cap", "step:migrate", "step:rollback", "step:lower", "step:drain"];
const withoutSuspect = ["step:drain"];
const secondMs = 1_000;
const mostPresses = 30;

/** Presses the plan's buttons as soon as each is offered and was read; until the signal aborts. */
export function startOnCall(options: OnCallOptions, signal: AbortSignal): OnCall & { readonly done: Promise<void> } {
  const presses: string[] = [];
  let atRollback: Headline | undefined;
  let atUndo: Headline | undefined;
  const undoing = options.undo ? undoOnce(options, (headline) => (atUndo = headline), signal) : Promise.resolve();
  const random = createRandom(options.seed).fork("on call");
  const look = () => (options.idle?.() ? undefined : latestHeadline(options));
  const press = async (): Promise<boolean> => {
    const offered = nextStep(look());
    if (!offered || presses.length >= mostPresses) return false;
    // A person reads before they press.
    await options.clock.sleep(random.between(30, 60) * secondMs, signal);
    const shown = look();
    if (signal.aborted || !shown || nextStep(shown)?.actionId !== offered.actionId) return false;
    if (offered.actionId === "step:rollback") atRollback ??= readHeadline(shown.versions.at(-1) ?? { blocks: [] });
    presses.push(offered.actionId);
    await takeStep(options, shown, offered, signal);
    return true;
  };
  const live = async () => {
    while (!signal.aborted) {
      const pressed = await press().catch((error: unknown) => options.tell(`could not press: ${String(error)}`));
      if (!pressed) await options.clock.sleep(5 * secondMs, signal);
    }
  };
  const both = async () => void (await Promise.all([live(), undoing]));
  return { done: both(), atRollback: () => atRollback, atUndo: () => atUndo, presses: () => presses };
}

function latestHeadline({ slack, channel, about }: OnCallOptions): Message | undefined {
  return findHeadlines(slack.messages(channel), about).at(-1);
}

/** They read, call the owner, and the owner does it. */
async function undoOnce(options: OnCallOptions, note: (headline: Headline) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const headline = readHeadline(latestHeadline(options)?.versions.at(-1) ?? { blocks: [] });
    if (options.undo?.isNamedBy(headline)) {
      note(headline);
      await options.clock.sleep(120 * secondMs, signal);
      if (!signal.aborted) options.undo.run();
      return;
    }
    await options.clock.sleep(10 * secondMs, signal);
  }
}

/** The first button of the plan's order. Without a suspect nobody caps or rolls back: only nodes are given back. */
function nextStep(message: Message | undefined): { actionId: string; value: string } | undefined {
  const headline = readHeadline(message?.versions.at(-1) ?? { blocks: [] });
  const wanted = headline.suspects.length > 0 ? order : withoutSuspect;
  return wanted.flatMap((actionId) => headline.steps.find((step) => step.actionId === actionId) ?? [])[0];
}

/** Picks what takes a step back, in the list under the newest headline; false where the list does not have it, or nothing came of it. */
export async function takeBack(options: OnCallOptions, stepId: string, signal: AbortSignal): Promise<boolean> {
  const message = latestHeadline(options);
  const value = message && asideValues(message).find((one) => one.includes(`"step":"${stepId}"`));
  if (!message || value === undefined) return false;
  const press = (user: string) => pressAs(options, user, message, { actionId: "step-aside", value }, signal);
  const said = await press(options.user);
  return (said?.includes("first of two") ? await press(options.second) : said) !== undefined;
}

function asideValues(message: Message): string[] {
  const blocks = (message.versions.at(-1)?.blocks ?? []) as readonly { readonly elements?: readonly Menu[] }[];
  const menus = blocks.flatMap(({ elements = [] }) => elements).filter((element) => element.action_id === "step-aside");
  return menus.flatMap(({ option_groups: groups = [] }) => groups.flatMap(({ options }) => options.map(({ value }) => value)));
}

interface Menu {
  readonly action_id?: string;
  readonly option_groups?: readonly { readonly options: readonly { readonly value: string }[] }[];
}

async function takeStep(options: OnCallOptions, message: Message, step: Offered, signal: AbortSignal): Promise<void> {
  const { user, second, clock } = options;
  const said = await pressAs(options, user, message, step, signal);
  if (said?.includes("first of two")) {
    // They ask across the room.
    await clock.sleep(20 * secondMs, signal);
    await pressAs(options, second, message, step, signal);
  }
  await untilTaken(options, step, signal);
}

interface Offered {
  readonly actionId: string;
  readonly value: string;
}

/** Presses, reads, submits; what the modal says then, where it says anything. */
async function pressAs(
  options: OnCallOptions,
  user: string,
  message: Message,
  step: Offered,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { slack, clock, channel } = options;
  const tell = (what: string) => {
    options.tell(`${user === options.second ? "(a colleague) " : ""}pressed ${nameOf(step.actionId)}: ${what}`);
    return undefined;
  };
  const known = new Set(slack.views.map((view) => view.id));
  const pressed = await slack.pressButton({
    user,
    message: { channel, ts: message.ts },
    actionId: step.actionId,
    value: step.value,
  });
  if (!pressed.ok) return tell(`no answer (${pressed.status})`);
  const view = await untilFilled(options, user, known, signal);
  if (!view) return tell("the modal showed nothing to submit");
  await clock.sleep(10 * secondMs, signal);
  const values = tickMigrations(view, options);
  const submitted = await slack.submitView({ user, view: view.id, ...(values ? { values } : {}) });
  tell(submitted.kind === "updated" || submitted.kind === "closed" ? "accepted" : submitted.kind);
  const left = slack.views.find(({ id }) => id === view.id);
  const said = JSON.stringify(left?.view["blocks"] ?? []);
  if (left?.open) await slack.closeView({ user, view: view.id });
  return said;
}

/** A person waits until the message shows what became of the press; Slack's edits take a second or two of the wall. */
async function untilTaken(options: OnCallOptions, step: { actionId: string }, signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < 300 && !signal.aborted; waited += 5) {
    if (nextStep(latestHeadline(options))?.actionId !== step.actionId) return;
    await options.clock.sleep(5 * secondMs, signal);
  }
}

/** The modal that this press opened, once it has a button to submit; closed again when it stays without. */
async function untilFilled(
  { slack, clock }: OnCallOptions,
  user: string,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<View | undefined> {
  const opened = () => slack.views.find((view) => !known.has(view.id) && view.user === user && view.open);
  for (let waited = 0; waited < 180 && !signal.aborted; waited += 2) {
    const view = opened();
    if (view?.view["submit"] !== undefined) return view;
    if (view?.view["callback_id"] === "said") break;
    await clock.sleep(2 * secondMs, signal);
  }
  const left = opened();
  if (left) await slack.closeView({ user, view: left.id });
  return undefined;
}

/** A modal with a box about migrations: they run the down-migration, and tick it. */
function tickMigrations(view: View, options: OnCallOptions): Record<string, Record<string, string[]>> | undefined {
  const blocks = (view.view["blocks"] ?? []) as readonly {
    block_id?: string;
    element?: { action_id?: string; options?: readonly { value?: string }[] };
  }[];
  const block = blocks.find(({ block_id: id }) => id === "migrations");
  if (!block) return undefined;
  options.runDownMigration();
  return {
    migrations: { [block.element?.action_id ?? "confirmed"]: (block.element?.options ?? []).flatMap(({ value }) => value ?? []) },
  };
}

function nameOf(actionId: string): string {
  return names[actionId] ?? actionId;
}

const names: Readonly<Record<string, string>> = {
  "step:cap": "Cap",
  "step:migrate": "Down-migration",
  "step:rollback": "Roll back",
  "step:lower": "Lower the ceiling",
  "step:drain": "Scale down nodes",
};
