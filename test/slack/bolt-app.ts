import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, LogLevel, type Logger } from "@slack/bolt";
import { startLocalSlack, type LocalSlack, type LocalSlackOptions } from "#sim/slack/local-slack.ts";

export const SIGNING_SECRET = "a signing secret";
export const BOT_TOKEN = "xoxb-local";
export const CHANNEL = "C0INCIDENTS";

export const NINA = { id: "U0NINA", name: "nina", realName: "Nina Abel", email: "nina@example.com" };
const OTTO = { id: "U0OTTO", name: "otto", realName: "Otto Brandt", email: "otto@example.com" };

/** A workspace of two people and one channel. */
export async function aSlack(overrides: Partial<LocalSlackOptions> = {}): Promise<LocalSlack> {
  return await startLocalSlack({
    clock: { now: () => 1_000_000 },
    users: [NINA, OTTO],
    channels: [{ id: CHANNEL, name: "incidents" }],
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    patienceMs: 20_000,
    triggerLifetimeMs: 20_000,
    ...overrides,
  });
}

/** The real Bolt on a port of its own, wired to a local Slack; `prepare` adds its listeners. */
export async function startBolt(slack: LocalSlack, prepare: (app: App) => void): Promise<AsyncDisposable> {
  const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, endpoints: ["/slack/events"], logLevel: LogLevel.ERROR });
  const app = new App({ token: BOT_TOKEN, receiver, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl: slack.apiUrl } });
  prepare(app);
  const server = createServer(receiver.requestListener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  slack.setEventsUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A logger that says nothing, for calls that are meant to fail. */
export const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** What tests read of an answer of the Web API. */
export interface ApiAnswer {
  readonly ok?: boolean;
  readonly error?: string;
  readonly ts: string;
  readonly messages: readonly {
    readonly ts: string;
    readonly text: string;
    readonly metadata?: object;
    readonly blocks?: object[];
  }[];
  readonly view: { readonly id: string; readonly hash: string };
  readonly members: readonly unknown[];
  readonly channels: readonly unknown[];
  readonly upload_url: string;
  readonly file_id: string;
  readonly trigger_id: string;
  readonly has_more: boolean;
  readonly response_metadata: { readonly next_cursor: string; readonly messages: string[] };
}
