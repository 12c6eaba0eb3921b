import { type Logger, SocketModeReceiver } from "@slack/bolt";
import type { WebClientOptions } from "@slack/web-api";
import type { Clock } from "#lib/clock.ts";
import { backoffMs } from "#lib/backoff.ts";
import type { Log } from "#lib/log.ts";
import { messageOf } from "#lib/errors.ts";

/** Socket Mode: what Slack would send over HTTP comes through a connection that we open. */
export interface Socket {
  readonly receiver: SocketModeReceiver;
  /** Connects, and connects again whenever the connection ends. */
  start(): void;
  /** Undefined while connected, else a sentence. */
  problem(): string | undefined;
  close(): Promise<void>;
}

interface SocketOptions {
  /** App-level token (`xapp-...`) with the scope `connections:write`. */
  readonly appToken: string;
  readonly clientOptions: WebClientOptions;
  readonly logger: Logger;
  readonly log: Log;
  readonly wall: Clock;
}

type Client = SocketModeReceiver["client"];

const backoff = { baseMs: 500, maxMs: 30_000, random: Math.random };

/** Opens nothing yet. */
export function createSocket({ appToken, clientOptions, logger, log, wall }: SocketOptions): Socket {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    // Its own way of coming again leaves a rejection that nobody handles when Slack cannot be reached: the process would end.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { ...clientOptions } },
  });
  const { client } = receiver;
  const closing = new AbortController();
  const state: State = { problem: "Slack is not connected yet (Socket Mode)" };
  let running = Promise.resolve();
  return {
    receiver,
    start: () => void (running = keepConnected(client, state, { log, wall, signal: closing.signal })),
    problem: () => state.problem,
    close: async () => {
      closing.abort();
      if (state.problem === undefined) await client.disconnect();
      await running;
    },
  };
}

interface State {
  /** Undefined: connected. */
  problem: string | undefined;
}

interface Keeping extends Pick<SocketOptions, "log" | "wall"> {
  readonly signal: AbortSignal;
}

async function keepConnected(client: Client, state: State, { log, wall, signal }: Keeping): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await connectOnce(client, state, signal);
      failures = 0;
      state.problem = "Slack has ended the connection (Socket Mode); a new one is being made";
    } catch (error) {
      failures += 1;
      state.problem = `Cannot connect to Slack by Socket Mode: ${error === undefined ? "the connection was not taken" : messageOf(error)}`;
      log.warn({ reason: state.problem }, "Slack is not connected");
    }
    if (!signal.aborted && failures > 0) await wall.sleep(backoffMs(failures - 1, backoff), signal);
  }
}

/** Resolves when a connection that stood has ended; throws where none came about. */
async function connectOnce(client: Client, state: State, signal: AbortSignal): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  client.once("disconnected", end);
  try {
    await client.start();
    state.problem = undefined;
    if (signal.aborted) await client.disconnect();
    await ended;
  } finally {
    client.off("disconnected", end);
  }
}
