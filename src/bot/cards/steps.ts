import type { Block } from "#bot/blocks.ts";
import { actions, button, type Element, groupedSelect, section } from "#bot/blocks.ts";
import { FIRST_YES_MS, type Step, type StepState, nameOf, stepName, wasDone } from "#domain/plan.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { person, when } from "#bot/words.ts";
import { escape } from "#bot/escape.ts";
import { pack } from "#bot/fit.ts";
import { troubleAdvice } from "./trouble.ts";
import { stepValue } from "#bot/step-value.ts";

const mostSteps = 8;

/** What next: every step with its state, a button for each that may be pressed, and a list of what stands beside the plan. */
export function renderSteps(incident: Incident, now: Instant): Block[] {
  const { plan, diagnosis } = incident;
  const steps = plan.filter((step) => step.aside === undefined || isOfNote(step)).slice(0, mostSteps);
  const advice = troubleAdvice(incident);
  const said = advice ?? (steps.length === 0 ? "No step is planned." : undefined);
  const title = said === undefined ? "*What next*" : `*What next*\n${said}`;
  return [...pack([title, ...stepLines(steps, now)], 2_900).map(section), ...stepButtons(incident, diagnosis?.named !== false)];
}

/** What waits is not the next thing: of the first it is told what it waits for, the others are named. */
function stepLines(steps: readonly Step[], now: Instant): string[] {
  const numbered = steps.map((step, index) => ({ step, index }));
  const [, ...later] = numbered.filter(({ step }) => step.state === "waiting");
  const lines = numbered.filter((one) => !later.includes(one)).map(({ step, index }) => stepLine(step, index, now));
  const then = later.map(({ step, index }) => `${index + 1}. ${stepName[step.kind]}`).join(" · ");
  return [...lines, ...(then === "" ? [] : [`${stepEmoji.waiting} Then ${then}`])];
}

/** Beside the plan, only what somebody did or has begun is worth a line; it stays, also where it may be pressed again. */
export function isOfNote(step: Step): boolean {
  return step.state === "running" || step.state === "failed" || wasDone(step) || step.firstYes !== undefined;
}

/** A step as a line: emoji, number, name, what it does or did, who and when. */
export function stepLine(step: Step, index: number, now: Instant): string {
  const told = { summary: escape(step.summary, 200), outcome: escape(step.outcome ?? "", 240) };
  const state = wasDone(step) ? "done" : step.state;
  return `${stepEmoji[state]} *${index + 1}. ${nameOf(step)}* ${stepTellers[state](step, told, now)}`;
}

const stepEmoji: Readonly<Record<StepState, string>> = {
  waiting: ":hourglass_flowing_sand:",
  ready: ":point_right:",
  running: ":arrows_counterclockwise:",
  done: ":white_check_mark:",
  failed: ":x:",
  needless: ":heavy_minus_sign:",
};

type Teller = (step: Step, told: { summary: string; outcome: string }, now: Instant) => string;

const stepTellers: Readonly<Record<StepState, Teller>> = {
  waiting: ({ waitingFor }, { summary }) =>
    `${summary}${waitingFor === undefined ? "" : ` _Waits for_ ${escape(waitingFor, 200)}.`}`,
  ready: (step, { summary, outcome }, now) => `${summary} ${outcome}`.trimEnd() + halfApproved(step, now),
  running: (step, { summary }, now) => (step.kind === "verify" ? summary : `${summary}${signature(step, now)} Under way.`),
  done: (step, { summary, outcome }, now) =>
    `${outcome || summary}${signature(step, now)}${helpText(step)}${halfApproved(step, now)}`,
  failed: (step, { summary, outcome }, now) =>
    `Did not work: ${outcome || summary}${signature(step, now)} ${mayAgain(step)}${halfApproved(step, now)}`,
  needless: (_step, { summary, outcome }) => `Not needed. ${outcome || summary}`,
};

function mayAgain({ waitingFor }: Step): string {
  return waitingFor === undefined ? "It may be pressed again." : `It cannot be pressed again now: ${escape(waitingFor, 80)}`;
}

/** What may be pressed. */
function isOpen({ state, waitingFor }: Step): boolean {
  return state === "ready" || (state === "failed" && waitingFor === undefined);
}

function helpText({ helped, at = 0 }: Step): string {
  if (helped === undefined || helped.ok || helped.at < at) return "";
  return ` :warning: It has not helped. ${escape(helped.text, 240)}`;
}

/** One of two has said yes. */
function halfApproved({ firstYes }: Step, now: Instant): string {
  if (firstYes === undefined) return "";
  return ` ${person(firstYes.by)} said yes; it waits for a second person until ${when(firstYes.at + FIRST_YES_MS, now)}.`;
}

function signature({ by, second, at, breakGlass }: Step, now: Instant): string {
  const others = second === undefined ? "" : ` and ${person(second)}`;
  const glass = breakGlass === undefined ? "" : ` :rotating_light: Against the rules: ${escape(breakGlass, 300)}.`;
  const parts = [by === undefined ? "" : `by ${person(by)}${others}`, at === undefined ? "" : `at ${when(at, now)}`].filter(
    (part) => part !== "",
  );
  return parts.length === 0 ? "" : ` Approved ${parts.join(" ")}.${glass}`;
}

/**
 * Only what may be pressed has a button; the first of them is the one to press, save a cap where no change is named: it may be
 * traffic. What has failed comes after what was not tried. Red is what takes away what no other button brings back; it is confirmed as all are: the press opens a preview, and
 * nothing happens before that is submitted.
 */
export function stepButtons({ id, plan }: Pick<Incident, "id" | "plan">, named: boolean): Block[] {
  const open = plan.filter((step) => isOpen(step) && step.kind !== "verify");
  const planned = open
    .filter(({ aside }) => aside === undefined)
    .toSorted((a, b) => Number(a.state === "failed") - Number(b.state === "failed"));
  const asides = open.filter(({ aside }) => aside !== undefined);
  return actions([
    ...planned.map((step, index) =>
      button({
        text:
          step.state === "failed"
            ? `${stepName[step.kind]} again…`
            : `${stepName[step.kind]}${step.firstYes ? " as second" : ""}…`,
        actionId: `step:${step.kind}`,
        value: stepValue(id, step),
        style: styleOf(step, index === 0 && (named || step.kind !== "cap")),
      }),
    ),
    ...(asides.length === 0 ? [] : [asideSelect(id, asides)]),
  ]);
}

function styleOf({ kind }: Step, isNext: boolean): "primary" | "danger" | undefined {
  if (kind === "migrate" || kind === "drain") return "danger";
  return isNext ? "primary" : undefined;
}

/** Once it is over, what was done can still be taken back. */
export function undoSelect({ id, plan }: Incident): Block[] {
  const undo = plan.filter(({ aside, state }) => aside === "undo" && (state === "ready" || state === "failed"));
  return undo.length === 0 ? [] : actions([asideSelect(id, undo)]);
}

function asideSelect(id: string, asides: readonly Step[]): Element {
  const option = (step: Step) => ({ text: asideName(step), value: stepValue(id, step) });
  return groupedSelect({
    actionId: "step-aside",
    placeholder: "Undo, or something else…",
    groups: [
      { label: "Undo", options: asides.filter(({ aside }) => aside === "undo").map(option) },
      { label: "Something else", options: asides.filter(({ aside }) => aside === "other").map(option) },
    ],
  });
}

/** What a step beside the plan is called; of the plan it is the name of its kind. */
export function asideName(step: Step): string {
  return step.id === "rollback-any" ? "Roll back to a revision…" : nameOf(step);
}
