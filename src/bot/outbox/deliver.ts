import type { LaneItem, OutboxMessage, Shown, Turn } from "#domain/ports/outbox.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { Card } from "#bot/blocks.ts";
import type { FindCopies } from "./copies.ts";
import type { Log } from "#lib/log.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import type { Outcome } from "./outcome.ts";
import type { Write } from "./write.ts";
import { digestOf } from "#lib/digest.ts";
import { hasNoParent, isGone, isIll, leavesDoubt } from "./refusals.ts";
import { slackReason } from "#bot/web-client.ts";

/** How far our clock and Slack's may be apart. */
const skewMs = 300_000;
const dayMs = 24 * 3_600_000;

export interface DeliverOptions {
  readonly write: Write;
  readonly findCopies: FindCopies;
  readonly wallNow: () => number;
  readonly log: Log;
}

/** One turn at Slack, for one item of a lane. Never throws. */
export type Deliver = (item: LaneItem, turn: Turn, restartedAt: number) => Promise<Outcome>;

export function createDeliver(options: DeliverOptions): Deliver {
  return async (item, turn, restartedAt) => {
    try {
      if (item.kind === "sweep") return await sweep(options, item, turn);
      if (!turn.message) return { kind: "idle" };
      return turn.shown
        ? await edit(options, item, turn.message, turn.shown)
        : await post(options, item, turn.message, turn, restartedAt);
    } catch (error) {
      return failureOf(error);
    }
  };
}

async function edit({ write, wallNow }: DeliverOptions, item: LaneItem, message: OutboxMessage, shown: Shown): Promise<Outcome> {
  const digest = digestOf(message.card);
  if (shown.gone || message.once || (digest === shown.digest && !item.tried)) return { kind: "idle" };
  try {
    await write.edit(shown, cardOf(message), message);
  } catch (error) {
    if (isGone(slackReason(error))) return { kind: "gone", shown };
    throw error;
  }
  return { kind: "shown", shown: { ...shown, at: wallNow(), digest }, inDoubt: false };
}

async function post(
  options: DeliverOptions,
  item: LaneItem,
  message: OutboxMessage,
  turn: Turn,
  restartedAt: number,
): Promise<Outcome> {
  const { parent } = turn;
  if (message.thread !== undefined && !parent) return withoutParent(turn);
  // After a restart of Redis its last second may be lost: what was posted in it may be unknown.
  const isAfterRestart = restartedAt > 0 && item.at < restartedAt + skewMs;
  const inDoubt = item.tried || isAfterRestart;
  const found = inDoubt && (await findOne(options, message, parent, item.at - (isAfterRestart ? dayMs : skewMs)));
  if (found) return { kind: "found", shown: { ...found, at: 0, digest: "" } };
  const to = parent ? { channel: parent.channel, thread: parent.ts } : { channel: message.channel };
  const ref = await options.write.post(to, cardOf(message), message);
  return { kind: "shown", shown: { ...ref, at: options.wallNow(), digest: digestOf(message.card) }, inDoubt };
}

function withoutParent({ parentWaits }: Turn): Outcome {
  return parentWaits
    ? { kind: "later", inDoubt: false, reason: "what it replies to waits too" }
    : { kind: "moot", reason: "what it replies to is not there" };
}

/** What an earlier try posted; more than one copy of it does not stay. */
async function findOne(options: DeliverOptions, message: OutboxMessage, parent: Shown | undefined, since: number) {
  const { about, part, channel } = message;
  const [first, ...others] = (await options.findCopies({ about, part, channel, parent, since })) ?? [];
  await removeAll(options, others);
  return first;
}

/** Looks whether a message that was in doubt stands there twice. */
async function sweep(options: DeliverOptions, { about, part, at }: LaneItem, { shown, parent }: Turn): Promise<Outcome> {
  if (!shown) return { kind: "idle" };
  const found = (await options.findCopies({ about, part, channel: shown.channel, parent, since: at - dayMs })) ?? [];
  await removeAll(
    options,
    found.filter(({ ts }) => ts !== shown.ts),
  );
  return { kind: "idle" };
}

async function removeAll({ write, log }: DeliverOptions, refs: readonly MessageRef[]): Promise<void> {
  for (const ref of refs) {
    try {
      await write.remove(ref);
      log.info({ ...ref }, "A second copy of a message was deleted");
    } catch (error) {
      if (!isGone(slackReason(error))) throw error;
    }
  }
}

function failureOf(error: unknown): Outcome {
  const word = slackReason(error);
  const reason = messageOf(error);
  // Who deleted the headline has been told of; its replies go with it.
  if (hasNoParent(word)) return { kind: "moot", reason };
  if (isIll(word)) return { kind: "ill", reason: word ?? reason };
  if (error instanceof TemporaryError)
    return {
      kind: "later",
      reason,
      inDoubt: error.retryAfterMs === undefined && leavesDoubt(word),
      ...(error.retryAfterMs === undefined ? {} : { afterMs: error.retryAfterMs }),
    };
  return { kind: "refused", reason: word ?? reason };
}

/** We wrote it ourselves. */
function cardOf({ card }: OutboxMessage): Card {
  return card as Card;
}
