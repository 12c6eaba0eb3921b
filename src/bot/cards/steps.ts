import type { Block } from "#bot/blocks.ts";
import { button, buttons, section } from "#bot/blocks.ts";
import { FIRST_YES_MS, type Step, type StepKind, type StepState } from "#domain/plan.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { person, when } from "#bot/words.ts";
import { escape } from "#bot/escape.ts";
import { pack } from "#bot/fit.ts";
import { troubleAdvice } from "./trouble.ts";
import { stepValue } from "#bot/step-value.ts";

const mostSteps = 6;

/** What next: every step with its state, and a button for each that may be pressed. */
export function renderSteps(incident: Incident, now: Instant): Block[] {
  const { id, plan, diagnosis } = incident;
  const steps = plan.slice(0, mostSteps);
  const advice = troubleAdvice(incident);
  if (steps.length === 0) return [section(`*What next*\n${advice ?? "No step is planned."}`)];
  return [
    section(advice === undefined ? "*What next*" : `*What next*\n${advice}`),
    ...pack(
      steps.map((step, index) => stepLine(step, index, now)),
      2_900,
    ).map(section),
    ...stepButtons(id, steps, diagnosis?.named !== false),
  ];
}

/** A step as a line: emoji, number, name, what it does or did, who and when. */
export function stepLine(step: Step, index: number, now: Instant): string {
  const told = { summary: escape(step.summary, 200), outcome: escape(step.outcome ?? "", 240) };
  return `${stepEmoji[step.state]} *${index + 1}. ${stepName[step.kind]}* ${stepTellers[step.state](step, told, now)}`;
}

/** What the buttons and the modal call it. At most 24 characters: a modal's title. */
export const stepName: Readonly<Record<StepKind, string>> = { cap: "Cap", rollback: "Roll back", drain: "Scale down nodes" };

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
  running: (step, { summary }, now) => `${summary}${signature(step, now)} Under way.`,
  done: (step, { summary, outcome }, now) => `${outcome || summary}${signature(step, now)}`,
  failed: (step, { summary, outcome }, now) =>
    `Did not work: ${outcome || summary}${signature(step, now)} It may be pressed again.${halfApproved(step, now)}`,
  needless: (_step, { summary, outcome }) => `Not needed. ${outcome || summary}`,
};

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
 * traffic. None is red: each opens a preview, nothing happens at the press.
 */
function stepButtons(incidentId: string, steps: readonly Step[], named: boolean): Block[] {
  const open = steps.filter(({ state }) => state === "ready" || state === "failed");
  return buttons(
    open.map((step, index) =>
      button({
        text:
          step.state === "failed"
            ? `${stepName[step.kind]} again…`
            : `${stepName[step.kind]}${step.firstYes ? " as second" : ""}…`,
        actionId: `step:${step.kind}`,
        value: stepValue(incidentId, step.id),
        primary: index === 0 && (named || step.kind !== "cap"),
      }),
    ),
  );
}
