import { type StepValue, findStepMetadata, findStepValue } from "#bot/step-value.ts";
import { renderClosing, renderLoading } from "#bot/cards/closing.ts";
import type { App } from "@slack/bolt";
import type { BlockAction, ButtonAction, StaticSelectAction } from "@slack/bolt";
import type { PreviewRequest } from "#domain/ports/slack.ts";
import type { Tools } from "./tools.ts";
import type { View } from "#bot/blocks.ts";
import { createRecent } from "#bot/recent.ts";
import { fittedView } from "#bot/limits/fitted.ts";
import { messageOf } from "#lib/errors.ts";
import { showView } from "#bot/show-view.ts";
import { slackReason } from "#bot/web-client.ts";

const planned = /^step:[a-z]+$/;
const notOurs = /^(?!step:[a-z]+$|step-aside$|choice$|verdict:(right|wrong|undo)$|ask:\d$|share$|home:refresh$)/;

/** A step's button, or one of the steps beside the plan: a modal opens at once, since a trigger lives three seconds, and a job fills it. */
export function listenForPresses(app: App, tools: Tools): void {
  const recent = createRecent<void>();
  const open = async (value: string | undefined, body: BlockAction) => {
    const pressed = findStepValue(value);
    if (pressed === undefined) return tools.log.warn({}, "A button without a step was pressed");
    await recent.once(body.trigger_id, () =>
      openPreview(tools, pressed, { user: body.user.id, trigger: body.trigger_id, channel: body.channel?.id }),
    );
  };
  app.action<BlockAction<ButtonAction>>({ action_id: planned, type: "block_actions" }, async ({ ack, action, body }) => {
    await ack();
    await open(action.value, body);
  });
  app.action<BlockAction<StaticSelectAction>>(
    { action_id: "step-aside", type: "block_actions" },
    async ({ ack, action, body }) => {
      await ack();
      await open(action.selected_option?.value, body);
    },
  );
  app.action<BlockAction<StaticSelectAction>>({ action_id: "choice", type: "block_actions" }, async ({ ack, action, body }) => {
    await ack();
    await recent.once(body.trigger_id, () => showChoice(tools, action.selected_option?.value, body));
  });
  // Links shaped as buttons, and what an older release drew: acknowledged, nothing more.
  app.action(notOurs, async ({ ack }) => ack());
}

/** Another of the choices of a preview that is open: who may is asked anew, and the same view is filled again. */
async function showChoice(tools: Tools, choice: string | undefined, { view, user, trigger_id }: BlockAction): Promise<void> {
  const { press, call, log } = tools;
  const shown = findStepMetadata(view?.private_metadata);
  if (shown === undefined || view === undefined || choice === undefined || choice.length > 200)
    return log.warn({}, "A choice was made without a preview");
  const { incident, step } = shown;
  const title = view.title?.text ?? "Step";
  // What was shown is not what was chosen: it must not be approved meanwhile.
  await showView(call, log, view.id, renderLoading(title));
  const viewer = await press.mayPress({ incidentId: incident, stepId: step, user: user.id });
  if (!viewer.allowed && !viewer.breakGlass)
    return showView(call, log, view.id, renderClosing(title, ":lock:", notAllowed(viewer.text)));
  const request = { incidentId: incident, stepId: step, viewId: view.id, requestId: trigger_id, choice, viewer };
  await preview(tools, title, request);
}

/** Asks for a preview, and says so where it cannot be asked for. */
async function preview({ press, call, log }: Tools, title: string, request: PreviewRequest): Promise<boolean> {
  try {
    await press.requestPreview(request);
    return true;
  } catch (error) {
    log.error({ reason: messageOf(error), step: request.stepId }, "A preview could not be asked for");
    const text = "The preview cannot be made right now. Nothing was changed. Close this and try again in a moment.";
    await showView(call, log, request.viewId, renderClosing(title, ":warning:", text));
    return false;
  }
}

interface Press {
  readonly user: string;
  readonly trigger: string;
  readonly channel: string | undefined;
}

async function openPreview(tools: Tools, { incident, step, title = "Step" }: StepValue, by: Press): Promise<void> {
  const { press, call, log } = tools;
  // Slack's trigger does not wait for an answer to who somebody is.
  const opened = await openView(tools, by, renderLoading(title));
  if (opened === undefined) return;
  const { viewId, hash } = opened;
  const viewer = await press.mayPress({ incidentId: incident, stepId: step, user: by.user });
  if (!viewer.allowed && !viewer.breakGlass)
    return showView(call, log, viewId, renderClosing(title, ":lock:", notAllowed(viewer.text)));
  if (!(await preview(tools, title, { incidentId: incident, stepId: step, viewId, viewer }))) return;
  // Nobody waits for this: the press is answered.
  void sayLate(tools, title, viewId, hash);
}

/** A preview that does not come must not look like one that will. The hash makes Slack refuse this once the modal is filled. */
async function sayLate(
  { call, log, waitForPreview }: Tools,
  title: string,
  viewId: string,
  hash: string | undefined,
): Promise<void> {
  if (hash === undefined || !(await waitForPreview())) return;
  const view = renderClosing(
    title,
    ":hourglass:",
    "The cluster does not answer. Nothing was changed. Close this and try again in a moment.",
  );
  await showView(call, log, viewId, view, hash).catch((error: unknown) =>
    log.warn({ reason: messageOf(error) }, "A modal stays at loading"),
  );
}

/** What somebody reads whom no rule allows this. */
export function notAllowed(why: string): string {
  return `${why} Nothing was changed. \`/k8s-why whoami\` says what you may do.`;
}

/** The view's id and hash; undefined when Slack would not open it any more, which the person is told. */
async function openView(
  { call, log }: Tools,
  { user, trigger, channel }: Press,
  view: View,
): Promise<{ viewId: string; hash: string | undefined } | undefined> {
  try {
    const opened = await call("open a modal", (client) =>
      client.views.open({ trigger_id: trigger, view: fittedView(view, log) }),
    );
    return opened.view?.id === undefined ? undefined : { viewId: opened.view.id, hash: opened.view.hash };
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "A modal did not open");
    const late = /trigger/.test(slackReason(error) ?? "");
    if (late && channel !== undefined) {
      await call("answer a press", (client) =>
        client.chat.postEphemeral({
          channel,
          user,
          text: "That took too long for Slack, and nothing was changed. Please press again.",
        }),
      );
    }
    return undefined;
  }
}
