import { type Card, context, section } from "#bot/blocks.ts";
import type { DirectNews, Heard } from "#domain/ports/quiet.ts";
import { count, counted, shortName } from "#bot/words.ts";
import type { Instant } from "#domain/workload.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { fitLines } from "#bot/fit.ts";
import { link } from "#bot/escape.ts";
import { renderHeadline } from "./headline.ts";
import { sharedLine } from "./storm.ts";
import { stateEmoji } from "./state-line.ts";

/** Of an incident each, in a digest. */
const mostLines = 20;

/** The address of a message, where it is known. */
export type AddressOf = (ref: MessageRef) => string | undefined;

/** What somebody asked to be told in a direct message: short, with the way to the thread. */
export function renderDirect(news: DirectNews, now: Instant, addressOf: AddressOf): Card {
  const { text, lines } = wordsOf(news, now, addressOf);
  return { text, blocks: [section(fitLines(lines, 2_900)), context("`/k8s-why subscriptions` lists what you follow.")] };
}

function wordsOf(news: DirectNews, now: Instant, addressOf: AddressOf): { readonly text: string; readonly lines: string[] } {
  switch (news.kind) {
    case "opened":
    case "settled": {
      const line = lineOf(news.about, now, addressOf);
      return { text: renderHeadline(news.about.incident, now).text, lines: [line] };
    }
    case "digest": {
      const { open, settled } = news;
      const text = `While it was quiet: ${counted(open.length, "incident")} open, ${count(settled.length)} settled.`;
      const all = [...open, ...settled];
      const lines = all.slice(0, mostLines).map((one) => `• ${lineOf(one, now, addressOf)}`);
      const more = all.length > mostLines ? [`… ${count(all.length - mostLines)} more`] : [];
      return { text, lines: [`*${text}*`, ...lines, ...more] };
    }
    case "storm": {
      const names = news.incidents.map(({ workload }) => `• ${shortName(workload)}`);
      const text = `A storm: ${counted(news.storm.incidents.length, "incident")} at once; you follow ${count(names.length)} of them.`;
      return {
        text,
        lines: [
          `*${text}*`,
          `In <#${news.storm.channel}>.${wayTo(news.thread, addressOf)}`,
          ...news.storm.shared.map(sharedLine),
          ...names,
        ],
      };
    }
  }
}

function lineOf({ incident, thread }: Heard, now: Instant, addressOf: AddressOf): string {
  return `${stateEmoji[incident.status]} ${renderHeadline(incident, now).text}${wayTo(thread, addressOf)}`;
}

function wayTo(thread: MessageRef | undefined, addressOf: AddressOf): string {
  const address = thread && addressOf(thread);
  return address === undefined ? "" : ` ${link(address, "To the thread")}`;
}
