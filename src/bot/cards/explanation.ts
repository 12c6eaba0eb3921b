import { code, escape } from "#bot/escape.ts";
import { columns, context, section } from "#bot/blocks.ts";
import { count, percent, ratio, shortName } from "#bot/words.ts";
import type { Card } from "#bot/blocks.ts";
import type { Explanation } from "#domain/ports/slack.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { expectationLine } from "./expectation.ts";
import { fitLines } from "#bot/fit.ts";
import { link } from "#bot/escape.ts";
import { namedSuspects, suspectLine } from "./suspect-words.ts";
import { renderChoices } from "./choices.ts";
import { renderSituation } from "./situation.ts";
import { stateLine } from "./state-line.ts";

type Calm = Extract<Explanation, { kind: "calm" }>;

/** Why is it at this size? `asked` is what the person typed. */
export function renderExplanation(asked: string, explanation: Explanation, options: { now: Instant; thread?: string }): Card {
  if (explanation.kind === "unknown") return renderChoices(asked, { kind: "unknown", keys: explanation.similar });
  return explanation.kind === "incident" ? renderOpen(explanation.incident, options) : renderCalm(explanation, options.now);
}

function renderOpen(incident: Incident, { now, thread }: { now: Instant; thread?: string }): Card {
  const first = incident.diagnosis === undefined ? undefined : namedSuspects(incident.diagnosis)[0];
  const suspect =
    first === undefined
      ? "No change is suspected so far."
      : `First suspect, ${percent(first.probability)}: ${suspectLine(first)}`;
  return {
    text: `${shortName(incident.workload)} has an open incident.`,
    blocks: [
      context(`*${shortName(incident.workload)}* · ${stateLine(incident, now)}`),
      ...renderSituation(incident, now),
      section([suspect, link(thread, thread === undefined ? "" : "To the thread")].join("\n").trim()),
    ],
  };
}

function renderCalm(calm: Calm, now: Instant): Card {
  const text = `${code(calm.workload, 250)} runs ${count(calm.desired)} replicas. ${whySize(calm)}`;
  const recent = calm.recent.slice(0, 8).map((sentence) => `• ${escape(sentence, 240)}`);
  return {
    text,
    blocks: [
      section(text),
      ...columns(figures(calm)),
      ...(calm.expected ? [section(expectationLine(calm.expected, now))] : []),
      section(recent.length === 0 ? "No recent change of it is known." : `*Recent changes*\n${fitLines(recent, 2_500)}`),
    ],
  };
}

function whySize({ desired, usual, ceiling, floor, cpuPercent, targetCpuPercent }: Calm): string {
  const times = ratio(desired, usual);
  const against =
    usual === undefined || times === undefined
      ? "Its usual count is not known yet."
      : `Usual is ${count(usual)}${times === "1" ? ", about as many" : `; that is ${times} times usual`}.`;
  if (ceiling === undefined) return `${against} No autoscaler that we can see sets its size.`;
  if (desired >= ceiling) return `${against} It stands at its autoscaler's ceiling.`;
  if (floor !== undefined && desired <= floor) return `${against} It stands at its autoscaler's floor.`;
  if (cpuPercent === undefined || targetCpuPercent === undefined) return `${against} Its autoscaler chose this size.`;
  return `${against} Its autoscaler keeps CPU near ${count(targetCpuPercent)} % of the request, and it is at ${count(cpuPercent)} %.`;
}

function figures({ desired, ready, usual, ceiling, floor, cpuPercent, targetCpuPercent }: Calm): string[] {
  const above = ratio(ceiling, usual);
  return [
    `*Ready*\n${count(ready)} of ${count(desired)}`,
    ...(usual === undefined ? [] : [`*Usual*\n${count(usual)}`]),
    ...(ceiling === undefined
      ? []
      : [
          `*Autoscaler*\n${floor === undefined ? "up" : count(floor)} to ${count(ceiling)}${above === undefined ? "" : ` (ceiling ${above} times usual)`}`,
        ]),
    ...(cpuPercent === undefined
      ? []
      : [
          `*CPU of the request*\n${count(cpuPercent)} %${targetCpuPercent === undefined ? "" : `, target ${count(targetCpuPercent)} %`}`,
        ]),
  ];
}
