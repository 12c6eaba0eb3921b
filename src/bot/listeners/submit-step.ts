import type { App, ViewOutput } from "@slack/bolt";
import { type StepMetadata, findStepMetadata } from "#bot/step-value.ts";
import { renderClosing, renderDecision } from "#bot/cards/closing.ts";
import type { Decision } from "#domain/ports/slack.ts";
import type { Tools } from "./tools.ts";
import { createRecent } from "#bot/recent.ts";
import { messageOf } from "#lib/errors.ts";
import { glassAction, glassBlock } from "#bot/cards/viewer.ts";
import { showView } from "#bot/show-view.ts";

/** Slack waits three seconds for the answer to a submission. */
const patienceMs = 2_200;

/** A submitted preview: who may, is the tick there, then the decision, told in the same modal. */
export function listenForSubmissions(app: App, tools: Tools): void {
  const recent = createRecent<Decision>();
  app.view({ callback_id: "step", type: "view_submission" }, async ({ ack, body, view }) => {
    const shown = findStepMetadata(view.private_metadata);
    const title = view.title.text;
    const notShown = shown === undefined ? "There is no preview to approve yet." : isAnotherChoice(view, shown);
    if (shown === undefined || notShown !== undefined) return ack(closing(title, notShown ?? ""));
    if (lacksTick(view))
      return ack({
        response_action: "errors",
        errors: { migrations: "Tick this first: it does not happen by itself." },
      });
    const trigger = "trigger_id" in body && typeof body.trigger_id === "string" ? body.trigger_id : view.id;
    const decision = recent
      .once(`${trigger}/${shown.intent}`, () => decide(tools, shown, body.user.id, reasonIn(view)))
      .catch((error: unknown) => failed(tools, error));
    const soon = await within(decision, patienceMs);
    if (soon !== undefined) return ack({ response_action: "update", view: renderDecision(title, soon) });
    await ack({
      response_action: "update",
      view: renderClosing(title, ":hourglass_flowing_sand:", "Writing it down. This takes longer than usual."),
    });
    await showView(tools.call, tools.log, view.id, renderDecision(title, await decision));
  });
  app.view({ callback_id: /^(?!step$)/, type: "view_submission" }, async ({ ack }) => ack());
}

/** Who may is decided there, anew: this room believes nobody. */
function decide(
  { press }: Tools,
  { incident, step, intent }: StepMetadata,
  user: string,
  reason: string | undefined,
): Promise<Decision> {
  const breakGlass = reason === undefined ? {} : { breakGlass: reason };
  return press.decide({ incidentId: incident, stepId: step, user, intentHash: intent, ...breakGlass });
}

function closing(title: string, why: string) {
  const text = `${why} Nothing was changed. Close this and press again.`;
  return { response_action: "update", view: renderClosing(title, ":hourglass_flowing_sand:", text) } as const;
}

/** They picked something else, and its preview has not come: what they would approve is not what they read. */
function isAnotherChoice({ state }: ViewOutput, { choice }: StepMetadata): string | undefined {
  const picked = state.values["choice"]?.["choice"]?.selected_option?.value;
  return picked === undefined || picked === choice ? undefined : "What you chose was not shown yet, so nothing was approved.";
}

/** Why the rules should not count, where somebody wrote that. */
function reasonIn({ state }: ViewOutput): string | undefined {
  return state.values[glassBlock]?.[glassAction]?.value?.trim() || undefined;
}

function failed({ log }: Tools, error: unknown): Decision {
  log.error({ reason: messageOf(error) }, "A decision could not be written down");
  return {
    kind: "refused",
    text: "This could not be written down right now. Look at the thread to see whether the step has begun, then press again.",
  };
}

/** Slack asks for the tick itself; this is for who sends around its form. */
function lacksTick({ state, blocks }: ViewOutput): boolean {
  const asked =
    state.values["migrations"] !== undefined ||
    (blocks ?? []).some((block) => "block_id" in block && block.block_id === "migrations");
  return asked && (state.values["migrations"]?.["confirmed"]?.selected_options ?? []).length === 0;
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
