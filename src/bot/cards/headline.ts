import type { Block, Card } from "#bot/blocks.ts";
import { context, header } from "#bot/blocks.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import type { Told } from "#domain/told.ts";
import type { Instant } from "#domain/workload.ts";
import { authorName, namedSuspects, suspectTitle } from "./suspect-words.ts";
import { renderChanges } from "./suspects.ts";
import { type Course, type Drawn, renderCourse } from "./course.ts";
import { count, counted, percent, shortName } from "#bot/words.ts";
import { renderRollbackSafety } from "./rollback-safety.ts";
import { renderSettled } from "./settled.ts";
import { renderSituation } from "./situation.ts";
import { renderVerdict } from "./verdict.ts";
import { renderTold, callsOf } from "./told.ts";
import { renderSteps } from "./steps.ts";
import { renderTelling } from "./telling.ts";
import { stepName } from "#domain/plan.ts";
import { stateLine } from "./state-line.ts";
import { illnessLines, troubleOver, troubleTitle } from "./trouble.ts";

/** Slack refuses somewhere above 13,200 characters over all blocks; this leaves room for the request around them. */
const mostCharacters = 11_500;

/** The incident's first message, at this moment: what is going on, what changed, what next. Tells less where it would be too long. */
export function renderHeadline(incident: Incident, now: Instant, told?: Told, drawn: Drawn = pictureOnly): Card {
  const course = renderCourse(incident, drawn);
  const full = cardOf(incident, now, told, course, false);
  if (isShort(full)) return full;
  const brief = cardOf(incident, now, told, course, true);
  return isShort(brief) ? brief : cardOf(incident, now, told, renderCourse(incident, { ...drawn, samples: [] }), true);
}

function isShort({ blocks }: Card): boolean {
  return JSON.stringify(blocks).length <= mostCharacters;
}

function cardOf(incident: Incident, now: Instant, told: Told | undefined, course: Course, isBrief: boolean): Card {
  const { blocks, instead, words } = course;
  return {
    text: [fallback(incident, told), words].filter((part) => part !== "").join(" "),
    blocks:
      incident.status === "settled" ? renderSettled(incident, now, blocks) : openBlocks(incident, now, blocks, isBrief, told),
    ...(instead && { insteadOfChart: instead }),
  };
}

const pictureOnly: Drawn = { samples: [], chart: "picture" };

function openBlocks(incident: Incident, now: Instant, course: Block[], isBrief: boolean, told: Told | undefined): Block[] {
  return [
    header(`${shortName(incident.workload, 90)}: ${troubleTitle(incident) ?? sizeOf(incident)}`),
    context(stateLine(incident, now)),
    ...renderTelling(incident, now),
    ...renderSituation(incident, now, true),
    ...renderChanges(incident.diagnosis, now, leadOf(incident) === "runaway" ? "climb" : "trouble"),
    ...renderRollbackSafety(hasRollback(incident) ? incident.diagnosis?.rollbackSafety : undefined, 0),
    ...renderSteps(incident, now),
    ...renderTold(told, isBrief),
    // Below the words: above them it would cost a phone the screen on which the suspect and the next step's button stand.
    ...course,
    ...renderVerdict(incident, now),
  ];
}

function sizeOf({ now, usual }: Incident): string {
  return `${counted(now.desired, "replica")}, usually ${count(usual.replicas)}`;
}

function hasRollback({ plan }: Incident): boolean {
  return plan.some(({ kind, state }) => kind === "rollback" && state !== "done" && state !== "needless");
}

/** One line for notifications and screen readers. */
function fallback(incident: Incident, told: Told | undefined): string {
  const name = shortName(incident.workload);
  if (incident.status === "settled" && troubleOver(incident)) return `${name}: ${troubleOver(incident)}. Settled.`;
  if (incident.status === "settled") return `${name} is back at ${counted(incident.now.desired, "replica")}: settled.`;
  const first = incident.diagnosis === undefined ? undefined : namedSuspects(incident.diagnosis)[0];
  const next = incident.plan.find(({ state, aside }) => state === "ready" && aside === undefined);
  const parts = [
    whatIsWrong(incident, name),
    first === undefined
      ? ""
      : `First suspect (${percent(first.probability)}): ${suspectTitle(first, 100)}${byAuthor(authorName(first))}.`,
    next === undefined ? "" : `Next: ${stepName[next.kind]}.`,
    told === undefined ? "" : callsOf(told),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function whatIsWrong(incident: Incident, name: string): string {
  const title = troubleTitle(incident);
  return title === undefined
    ? `${name} runs ${sizeOf(incident)}.`
    : `${name}: ${title}. ${illnessLines(incident)[0] ?? ""}`.trimEnd();
}

function byAuthor(name: string | undefined): string {
  return name === undefined ? "" : ` by ${name}`;
}
