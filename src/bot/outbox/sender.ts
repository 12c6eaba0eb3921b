import { randomUUID } from "node:crypto";
import type { Clock } from "#lib/clock.ts";
import type { Hold, Lane, LaneItem, LanePort, Settlement, Shown } from "#domain/ports/outbox.ts";
import type { Log } from "#lib/log.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { messageOf } from "#lib/errors.ts";
import type { Deliver } from "./deliver.ts";
import { type Next, nextOf } from "./next.ts";
import { type Outcome, settlementOf } from "./outcome.ts";
import type { Pace } from "./pace.ts";

/** What somebody may want to know of a turn. */
export interface TurnNews {
  readonly channel: string;
  readonly item: LaneItem;
  readonly outcome: Outcome;
  readonly settlement: Settlement;
  /** Since when Slack took nothing in this channel, before this turn. */
  readonly illSince?: number;
}

export interface SenderOptions {
  readonly lanes: LanePort;
  readonly deliver: Deliver;
  /** Deletes a message of ours that turned out to be a second copy. */
  readonly remove: (ref: MessageRef) => Promise<void>;
  readonly onTurn: (news: TurnNews) => Promise<void>;
  readonly pace: Pace;
  readonly wall: Clock;
  readonly log: Log;
}

/** Brings to Slack what the outbox holds: each lane at its own pace, one turn at a time, by whoever opened it. Runs until disposed of. */
export function startSender(options: SenderOptions): AsyncDisposable {
  const { lanes, wall, pace, log } = options;
  const hold: Hold = { owner: randomUUID(), forMs: pace.holdMs };
  const closing = new AbortController();
  const active = new Map<string, Promise<void>>();
  const start = (channel: string) => {
    if (active.has(channel)) return;
    const running = serve(options, hold, channel, closing.signal)
      .catch((error: unknown) => log.warn({ channel, reason: messageOf(error) }, "A Slack lane rests after a failure"))
      .finally(() => active.delete(channel));
    active.set(channel, running);
  };
  const look = async (): Promise<number> => {
    try {
      const { channels, nextAt = Number.POSITIVE_INFINITY } = await lanes.dueLanes(wall.now());
      for (const channel of channels) start(channel);
      return Math.min(pace.lookMs, Math.max(1, nextAt - wall.now()));
    } catch (error) {
      log.debug({ reason: messageOf(error) }, "The outbox cannot be read");
      return 1_000;
    }
  };
  const loop = async () => {
    while (!closing.signal.aborted) await wall.sleep(await look(), closing.signal);
  };
  const looking = loop();
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await looking;
      await Promise.all(active.values());
    },
  };
}

/** Takes turns in one lane until nothing is due, or the sender closes. */
async function serve(options: SenderOptions, hold: Hold, channel: string, closing: AbortSignal): Promise<void> {
  const { lanes, pace, wall } = options;
  const signs = setInterval(() => void lanes.holdLane(channel, hold).catch(() => {}), hold.forMs / 3);
  try {
    for (;;) {
      const lane = await lanes.openLane(channel, hold, wall.now());
      if (!lane) return;
      const next = nextOf(lane.items, lane.state, pace, wall.now());
      if (closing.aborted) return await lanes.restLane(channel, hold, lane, wall.now());
      if (next.kind === "wait") return await lanes.restLane(channel, hold, lane, next.until);
      if (!(await takeTurn(options, hold, channel, lane, next))) return;
    }
  } finally {
    clearInterval(signs);
  }
}

/** False when the lane was lost meanwhile. */
async function takeTurn(
  options: SenderOptions,
  hold: Hold,
  channel: string,
  lane: Lane,
  { kind, item }: Exclude<Next, { kind: "wait" }>,
): Promise<boolean> {
  const { lanes, deliver, wall, pace } = options;
  const turn = await lanes.begin(channel, hold, item);
  if (!turn) return false;
  const outcome: Outcome =
    kind === "expire" ? { kind: "moot", reason: "it has waited for a day" } : await deliver(item, turn, lane.restartedAt);
  const settlement = settlementOf(item, turn.version, outcome, lane.state, { pace, now: wall.now(), random: Math.random });
  // Told before it is written down: rather twice than never.
  await options.onTurn({ channel, item, outcome, settlement, illSince: lane.state.ill?.since });
  const stood = await lanes.settle(channel, hold, settlement);
  await dropCopy(options, stood, settlement.shown);
  return true;
}

/** Two senders had the lane after each other, and both posted. */
async function dropCopy({ remove, log }: SenderOptions, stood: MessageRef | undefined, shown: Shown | undefined): Promise<void> {
  if (!stood || !shown) return;
  try {
    await remove(shown);
  } catch (error) {
    log.warn(
      { channel: shown.channel, ts: shown.ts, reason: messageOf(error) },
      "A second copy of a message could not be deleted",
    );
  }
}
