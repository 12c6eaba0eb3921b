import type { Logger } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import type { Clock } from "#lib/clock.ts";
import type { Log } from "#lib/log.ts";
import { createReceiver, toListener } from "./receiver.ts";
import { createSocket } from "./socket.ts";

interface EarOptions {
  readonly signingSecret: string;
  /** App-level token: with it Slack is heard through a socket. */
  readonly appToken?: string;
  readonly log: Log;
  readonly logger: Logger;
  readonly clientOptions: WebClientOptions;
  readonly wall: Clock;
}

/** Where Slack is heard: over HTTP, or, with an app-level token, through a socket. */
export function createEar({ signingSecret, appToken, log, logger, clientOptions, wall }: EarOptions) {
  if (appToken === undefined) {
    const signed = { signingSecret, logger };
    const receiver = createReceiver(signed);
    const listening = { listener: toListener(receiver, wall, signed), start: () => {} };
    return { receiver, listening, problem: () => undefined, close: async () => {} };
  }
  const { receiver, start, problem, close } = createSocket({ appToken, clientOptions, logger, log, wall });
  return { receiver, listening: { start }, problem, close };
}
