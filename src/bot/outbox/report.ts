import type { LanePort, OutboxPort } from "#domain/ports/outbox.ts";
import type { Log } from "#lib/log.ts";
import { section } from "#bot/blocks.ts";
import { code, escape } from "#bot/escape.ts";
import { meaningOf } from "./refusals.ts";
import type { TurnNews } from "./sender.ts";

export interface ReportOptions {
  readonly outbox: OutboxPort;
  /** Slack user ids, told by DM. */
  readonly administrators: readonly string[];
  readonly log: Log;
}

interface Saying {
  readonly about: string;
  readonly part: string;
  readonly text: string;
}

/** Logs what went wrong in a lane, and tells the administrators once: by DM, through the outbox. */
export function createReport({ outbox, administrators, log }: ReportOptions): (news: TurnNews) => Promise<void> {
  return async (news) => {
    const { channel, item, outcome } = news;
    const saying = sayingOf(news);
    if (outcome.kind === "later")
      log.info({ channel, about: item.about, part: item.part, reason: outcome.reason }, "A Slack message waits");
    if (outcome.kind === "moot")
      log.warn({ channel, about: item.about, part: item.part, reason: outcome.reason }, "A Slack message was given up");
    if (!saying) return;
    log.warn({ channel, about: item.about, part: item.part }, saying.text);
    // About a DM nobody is told by DM: it might be the same one.
    if (!isChannel(channel)) return;
    for (const person of administrators)
      await outbox.say({
        about: saying.about,
        part: `${saying.part}/${person}`,
        channel: person,
        card: { text: saying.text, blocks: [section(saying.text)] },
      });
  };
}

function sayingOf({ channel, item, outcome, settlement, illSince }: TurnNews): Saying | undefined {
  const about = `channel/${channel}`;
  const name = isChannel(channel) ? `<#${channel}>` : `a DM (${channel})`;
  const which = `my message "${escape(item.part, 100)}" of ${code(item.about, 100)} in ${name}`;
  const { ill } = settlement.state;
  if (illSince === undefined && ill)
    return {
      about,
      part: `ill/${ill.since}`,
      text: `I cannot write in ${name}: ${escape(meaningOf(ill.reason), 300)}. What I have to say there waits for up to a day; I try again every few minutes.`,
    };
  if (illSince !== undefined && !ill)
    return { about, part: `ill/${illSince}`, text: `I can write in ${name} again, and say what has waited.` };
  if (outcome.kind === "gone" && item.thread === undefined)
    return {
      about,
      part: `gone/${item.about}/${item.part}`,
      text: `Somebody deleted ${which}. I do not post it again.`,
    };
  if (outcome.kind === "refused" && settlement.what === "dropped")
    return {
      about,
      part: `refused/${outcome.reason.slice(0, 100)}/${Math.floor(item.at / dayMs)}`,
      text: `Slack refuses ${which}, and I have given it up: ${escape(outcome.reason, 500)}`,
    };
  return undefined;
}

const dayMs = 24 * 3_600_000;

/** Public and private channels; not DMs, which start with U, W or D. */
function isChannel(channel: string): boolean {
  return /^[CG]/.test(channel);
}

/** Undefined when Slack takes messages everywhere, as far as is known; else a sentence. */
export async function writable(lanes: Pick<LanePort, "illLanes">): Promise<string | undefined> {
  // While Redis is away, who asks Redis says so.
  const ill = (await lanes.illLanes().catch(() => [])).filter(({ channel }) => isChannel(channel));
  if (ill.length === 0) return undefined;
  return ill
    .slice(0, 5)
    .map(({ channel, reason }) => `Cannot write to Slack channel "${channel}": ${meaningOf(reason)}.`)
    .join("\n");
}
