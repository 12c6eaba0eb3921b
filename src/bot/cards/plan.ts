import type { Block, Card } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import type { Pressable } from "#domain/ports/look.ts";
import type { Stop } from "#domain/policy.ts";
import type { Instant } from "#domain/workload.ts";
import { escape, link } from "#bot/escape.ts";
import { pack } from "#bot/fit.ts";
import { shortName } from "#bot/words.ts";
import { stopLine } from "./stop-line.ts";
import { stateLine } from "./state-line.ts";
import { asideName, isOfNote, stepButtons, stepLine } from "./steps.ts";
import { troubleAdvice } from "./trouble.ts";

const mostSteps = 10;

interface Around {
  /** Steps that may be pressed now, and what the rules say of the reader; absent where many read it. */
  readonly pressable: readonly Pressable[] | undefined;
  /** All acts are off. */
  readonly stop?: Stop | undefined;
  /** Address of its thread. */
  readonly thread: string | undefined;
}

/** An incident's steps. */
export function renderPlan(incident: Incident, now: Instant, { pressable, stop, thread }: Around): Card {
  const steps = incident.plan.filter((step) => step.aside === undefined || isOfNote(step)).slice(0, mostSteps);
  const lines = steps.map((step, index) => stepLine(step, index, now));
  const advice = troubleAdvice(incident);
  const toThread = link(thread, thread === undefined ? "" : "To the thread");
  return {
    text: `The plan for ${shortName(incident.workload)}`,
    blocks: [
      section(`*The plan for ${shortName(incident.workload)}*${advice === undefined ? "" : `\n${advice}`}`),
      context(stateLine(incident, now)),
      ...(lines.length === 0 ? [section("No step is planned.")] : pack(lines, 2_900).map(section)),
      ...(stop === undefined ? [] : [section(stopLine(stop, now))]),
      ...(pressable === undefined ? [] : mayBlocks(incident, pressable)),
      ...(toThread === "" ? [] : [context(toThread)]),
    ],
  };
}

/** What the reader may press, as buttons; and what not, with the reason. */
function mayBlocks(incident: Incident, pressable: readonly Pressable[]): Block[] {
  const open = pressable.filter(({ allowed, breakGlass }) => allowed || breakGlass).map(({ step }) => step);
  const reasons = pressable.filter(({ step }) => step.aside === undefined).map(mayLine);
  return [
    ...(reasons.length === 0 ? [] : [context(reasons.slice(0, mostSteps).join("\n"))]),
    ...stepButtons({ id: incident.id, plan: open }, incident.diagnosis?.named !== false),
  ];
}

/** A step, and whether somebody may press it. */
export function mayLine({ step, allowed, breakGlass, text }: Pressable): string {
  const glass = !allowed && breakGlass ? " You may break the glass." : "";
  return `${allowed ? ":unlock:" : ":lock:"} *${asideName(step)}*: ${escape(text, 180)}${glass}`;
}
