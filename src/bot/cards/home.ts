import type { Block, HomeView } from "#bot/blocks.ts";
import { actions, button, context, divider, header, section } from "#bot/blocks.ts";
import type { Accuracy, Home, OpenIncident, Watcher } from "#domain/ports/home.ts";
import type { Instant } from "#domain/workload.ts";
import { code, escape } from "#bot/escape.ts";
import { count, counted, duration, percent, shortKey, when } from "#bot/words.ts";
import { fitLines } from "#bot/fit.ts";
import { stopLine } from "./stop-line.ts";
import { incidentLine } from "./incident-list.ts";

/** Slack takes 100 blocks; each incident is one. */
const mostShown = 20;

/** The app's own page: what is open, what of it is the reader's, what they may do, who watches, and how right guesses were. */
export function renderHome(home: Home, now: Instant, addressOf: (open: OpenIncident) => string | undefined): HomeView {
  const { told, may, watchers } = home;
  return {
    type: "home",
    callback_id: "home",
    blocks: [
      header(told === undefined ? "k8s-why" : openTitle(told.open.length)),
      ...(told === undefined
        ? [section(":warning: Redis does not answer, so I do not know what is open. Nothing can be done until it does.")]
        : incidentBlocks(told.open, now, addressOf)),
      ...actions([button({ text: "Refresh", actionId: "home:refresh", value: "home" })]),
      divider(),
      ...(told === undefined ? [] : [section(mineText(told))]),
      ...(told?.stop === undefined ? [] : [section(stopLine(told.stop, now))]),
      section(listText("What you may do", may)),
      section(
        `*Who watches*\n${fitLines(
          watchers.map((watcher) => watcherLine(watcher, now)),
          2_700,
        )}`,
      ),
      ...(told === undefined ? [] : [section(accuracyText(told.accuracy))]),
      context(`Read at ${when(now, now)}. \`/k8s-why help\` says what I can be asked.`),
    ],
  };
}

function openTitle(open: number): string {
  return open === 0 ? "No open incident" : counted(open, "open incident");
}

function incidentBlocks(
  open: readonly OpenIncident[],
  now: Instant,
  addressOf: (open: OpenIncident) => string | undefined,
): readonly Block[] {
  const more = open.length - mostShown;
  return [
    ...open.slice(0, mostShown).map((one) => section(incidentLine(one.incident, now, addressOf(one)))),
    ...(more > 0 ? [context(`… ${count(more)} more: \`/k8s-why incidents\``)] : []),
  ];
}

function mineText({ mine, follows }: Pick<NonNullable<Home["told"]>, "mine" | "follows">): string {
  const found = mine.map(({ workload, why }) => `• ${code(shortKey(workload) || workload, 200)}: ${escape(why, 100)}`);
  const lines = found.length === 0 ? ["Nothing that is open has to do with you."] : found;
  const more = follows.length > 10 ? ` and ${count(follows.length - 10)} more` : "";
  const told =
    follows.length === 0
      ? "`/k8s-why subscribe <workload>` has you told of one in a direct message."
      : `You are told in direct messages of ${follows
          .slice(0, 10)
          .map((pattern) => code(pattern, 100))
          .join(", ")}${more}.`;
  return `*Your workloads*\n${fitLines(lines, 1_700)}\n${told}`;
}

function listText(title: string, sentences: readonly string[]): string {
  return `*${title}*\n${fitLines(
    sentences.map((sentence) => `• ${escape(sentence, 500)}`),
    2_700,
  )}`;
}

const watcherEmoji: Readonly<Record<Watcher["state"], string>> = {
  well: ":large_green_circle:",
  late: ":large_yellow_circle:",
  away: ":red_circle:",
  unused: ":white_circle:",
};

/** A state as emoji and as words: not everybody sees colours. */
function watcherLine({ name, state, until, text }: Watcher, now: Instant): string {
  const lag = until === undefined ? "" : `watched up to ${duration(Math.max(0, now - until))} ago`;
  const word = { well: "", late: " late,", away: " away,", unused: " not used," }[state];
  return `${watcherEmoji[state]} *${escape(name, 120)}:*${word} ${lag || escape(text ?? "", 300)}`;
}

function accuracyText({ judged, first, among, sure, sureRight }: Accuracy): string {
  const title = "*How right the first suspect was*";
  if (judged === 0) return `${title}\nNobody has said yet: once an incident has recovered, its message asks whether that was it.`;
  const times = first === 1 ? "once" : `${count(first)} times`;
  const others = among > first ? ` In ${count(among)} one of those named was it.` : "";
  const named = sure === 0 ? "" : ` Told with 80 % or more it was right in ${count(sureRight)} of ${count(sure)}.`;
  const share = first === judged || first === 0 ? "" : ` (${percent(first / judged)})`;
  return `${title}\nOf ${counted(judged, "incident")} that people judged, the first suspect was it ${times}${share}.${others}${named}`;
}
