import type { ChartPort, LanePort, OutboxPort } from "#domain/ports/outbox.ts";
import type { CallSlack } from "#bot/web-client.ts";
import type { Clock } from "#lib/clock.ts";
import type { Identity } from "#bot/identity.ts";
import type { Log } from "#lib/log.ts";
import type { Threads } from "#bot/threads.ts";
import { createDeliver } from "./deliver.ts";
import { createFindCopies } from "./copies.ts";
import { createReport } from "./report.ts";
import { createWrite } from "./write.ts";
import type { Pace } from "./pace.ts";
import { startSender } from "./sender.ts";

export interface SendingOptions {
  readonly call: CallSlack;
  readonly identity: Identity;
  readonly outbox: OutboxPort & LanePort & ChartPort;
  readonly administrators: readonly string[];
  readonly threads: Threads;
  readonly pace: Pace;
  readonly wall: Clock;
  readonly log: Log;
}

/** Starts to bring the outbox to Slack. */
export function startSending({
  call,
  identity,
  outbox,
  administrators,
  threads,
  pace,
  wall,
  log,
}: SendingOptions): AsyncDisposable {
  const write = createWrite(call, { ...outbox, log });
  const report = createReport({ outbox, administrators, log });
  return startSender({
    lanes: outbox,
    deliver: createDeliver({ write, findCopies: createFindCopies(call, identity), wallNow: wall.now, log }),
    remove: write.remove,
    onTurn: async (news) => {
      const { item, settlement } = news;
      if (item.part === "headline" && settlement.shown) threads.remember(item.about, settlement.shown);
      await report(news);
    },
    pace,
    wall,
    log,
  });
}
