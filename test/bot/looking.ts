import { CHANNEL, NINA, OTTO, type Stage, startStage } from "./bot-app.ts";
import { NOON, aState, shopWeb } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { expect, vi } from "vitest";
import type { BotOptions } from "#bot/bot.ts";
import type { LocalSlackOptions } from "#sim/slack/local-slack.ts";
import type { Message } from "#sim/slack/types.ts";
import { aPolicy } from "#test/workflow/people.ts";
import { createLook } from "#workflow/look.ts";
import { createOwnership } from "#workflow/ownership.ts";
import { createPress } from "#workflow/press.ts";
import { refuseBlocks } from "#sim/slack/blocks/validate.ts";
import { signing } from "#test/workflow/signing.ts";
import { silentLog } from "#lib/log.ts";
import { startRedis } from "#test/redis.ts";
import { strays, textsOf } from "./safe.ts";

/** For `vi.waitFor`, also on a busy machine. */
export const soon = { timeout: 30_000, interval: 5 };

/** Slack, Bolt, the workflow and a Redis of its own, as one program has them. Nina may do everything, Otto nothing. */
export interface Looking extends AsyncDisposable {
  readonly stage: Stage;
  readonly store: Store;
  /** Types `/k8s-why` and gives the newest message that came of it, once it is there. */
  ask(text: string, user?: string): Promise<Shown>;
  /** Runs something that makes messages appear or change, and gives the newest of them. */
  after(run: () => Promise<unknown>): Promise<Shown>;
  /** Presses a button of an answer. */
  press(shown: Shown, actionId: string): Promise<Shown>;
}

/** A message as it is read. */
export interface Shown {
  readonly message: Message;
  readonly text: string;
}

export async function startLooking(over: Partial<BotOptions> = {}, slackOver: Partial<LocalSlackOptions> = {}): Promise<Looking> {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedis());
  const store = stack.use(connectStore({ url: redis.url, now: () => NOON, log: silentLog }));
  const layout = async () => undefined;
  const shared = { cluster: "prod", policy: aPolicy([NINA.id]), now: () => NOON, log: silentLog };
  const ownershipOf = createOwnership({ verbs: { layout }, rules: [], repositories: [], layouts: layout, log: silentLog });
  const stage = stack.use(
    await startStage(
      {
        press: (people) =>
          createPress({
            ...shared,
            ...signing,
            people,
            verbs: { ...store, enqueue: async () => {}, usualOf: async () => 30 },
            settings: { capMargin: 1.25 },
          }),
        look: (people) => createLook({ ...shared, people, verbs: store, ownershipOf }),
        outbox: store,
        ...over,
      },
      slackOver,
    ),
  );
  const after = (run: () => Promise<unknown>) => shownAfter(stage, run);
  const started = stack.move();
  return {
    stage,
    store,
    after,
    ask: (text, user = NINA.id) => after(() => stage.slack.slashCommand({ user, command: "/k8s-why", text, channel: CHANNEL })),
    press: ({ message }, actionId) =>
      after(() =>
        stage.slack.pressButton({
          user: message.ephemeralFor ?? NINA.id,
          message: { channel: message.channel, ts: message.ts },
          actionId,
        }),
      ),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Every answer that is seen is one that Slack takes, and that calls nobody. */
async function shownAfter({ slack }: Stage, run: () => Promise<unknown>): Promise<Shown> {
  const all = () => slack.channels.flatMap(({ id }) => slack.messages(id));
  const before = new Map(all().map(({ ts, versions }) => [ts, versions.length]));
  await run();
  const changed = () => all().findLast(({ ts, versions }) => before.get(ts) !== versions.length);
  await vi.waitFor(() => expect(changed()).toBeDefined(), soon);
  const message = changed();
  if (!message) throw new Error("No message has changed");
  return shownOf(message);
}

/** The message as it stands now. */
export function shownOf(message: Message): Shown {
  const version = message.versions.at(-1);
  const { text = "", blocks = [] } = version ?? {};
  expect(refuseBlocks(blocks)).toBeUndefined();
  expect(strays([{ text }, blocks])).toEqual([]);
  return { message, text: [...(blocks.length === 0 ? [text] : []), ...textsOf(blocks)].join("\n") };
}

/** Some workloads, of which two have one name. */
export const states = [
  ["shop", "web"],
  ["shop", "web-admin"],
  ["shop", "basket"],
  ["pay", "gateway"],
  ["edge", "gateway"],
].map(([namespace = "", name = ""]) => aState({ workload: { ...shopWeb, namespace, name } }));

export { CHANNEL, NINA, OTTO };
