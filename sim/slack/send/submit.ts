import { SlackFailure } from "#sim/slack/failure.ts";
import { formatView } from "#sim/slack/format.ts";
import { asText, isJson } from "#sim/slack/json.ts";
import { closeViews, openView, readView, stackOf, updateView } from "#sim/slack/modals.ts";
import type { Json, View } from "#sim/slack/types.ts";
import { putView, type Workspace } from "#sim/slack/workspace.ts";
import { deliver, type Delivery, type SendOptions } from "./deliver.ts";
import { asForm, envelope, type SenderContext } from "./payload.ts";
import { missingInputs, stateOf, type ViewValues } from "./state.ts";

/** A submission of a modal. */
export interface Submission extends SendOptions {
  readonly user: string;
  readonly view: string;
  readonly values?: ViewValues;
}

/** What the person sees after submitting. */
export type Submitted =
  | { readonly kind: "closed" | "updated" | "pushed" | "cleared"; readonly delivery: Delivery }
  /** Sentences under inputs: from the program, or from Slack itself for inputs left empty (then nothing was sent). */
  | { readonly kind: "errors"; readonly errors: Readonly<Record<string, string>>; readonly delivery?: Delivery }
  /** "We had some trouble connecting": no answer in time, an error, or an answer that Slack does not take. */
  | { readonly kind: "failed"; readonly why: string; readonly delivery: Delivery };

/** Submits an open modal and does what the program answers (`view_submission`). */
export async function submitView(context: SenderContext, submission: Submission): Promise<Submitted> {
  const { workspace, triggers, wire } = context;
  const view = requireOpen(workspace, submission);
  if (view.view.submit === undefined) throw new Error(`Cannot submit the modal "${view.id}": it has no submit button`);
  const missing = missingInputs(view, submission.values);
  if (Object.keys(missing).length > 0) return showErrors(workspace, view, missing);
  const payload = {
    type: "view_submission",
    ...envelope(workspace, submission.user),
    trigger_id: triggers.issue({ user: submission.user, viewId: view.id }),
    view: formatView(workspace, view, stateOf(view, submission.values)),
    response_urls: [],
  };
  const delivery = await deliver(wire, asForm(payload), "form", submission);
  if (!delivery.ok) return { kind: "failed", why: `The program answered ${delivery.status}`, delivery };
  try {
    return carryOut(workspace, view, delivery);
  } catch (error) {
    if (!(error instanceof SlackFailure)) throw error;
    return { kind: "failed", why: `${error.error} ${JSON.stringify(error.extra)}`, delivery };
  }
}

function carryOut(workspace: Workspace, before: View, delivery: Delivery): Submitted {
  const view = workspace.views.get(before.id) ?? before;
  const answer: Json = delivery.body ?? {};
  switch (answer.response_action) {
    case undefined:
      closeViews(workspace, view, false);
      return { kind: "closed", delivery };
    case "clear":
      closeViews(workspace, view, true);
      return { kind: "cleared", delivery };
    case "update":
      updateView(workspace, view, readView(answer.view, workspace));
      return { kind: "updated", delivery };
    case "push":
      openView(workspace, view.user, readView(answer.view, workspace), view);
      return { kind: "pushed", delivery };
    case "errors":
      return showErrors(workspace, view, isJson(answer.errors) ? textsOf(answer.errors) : {}, delivery);
    default:
      return { kind: "failed", why: `Unknown response_action "${asText(answer.response_action)}"`, delivery };
  }
}

function showErrors(workspace: Workspace, view: View, errors: Record<string, string>, delivery?: Delivery): Submitted {
  putView(workspace, { ...view, errors });
  return { kind: "errors", errors, ...(delivery ? { delivery } : {}) };
}

function textsOf(errors: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).map(([block, sentence]) => [block, String(sentence)]));
}

/** Closes a modal as a person does; the program hears of it where `notify_on_close` is set. */
export async function closeView(
  context: SenderContext,
  closing: SendOptions & { user: string; view: string },
): Promise<Delivery | undefined> {
  const { workspace, wire } = context;
  const view = requireOpen(workspace, closing);
  const stacked = stackOf(workspace, view).length > 1;
  closeViews(workspace, view, false);
  if (view.view.notify_on_close !== true) return undefined;
  const payload = {
    type: "view_closed",
    ...envelope(workspace, closing.user),
    view: formatView(workspace, view),
    is_cleared: !stacked,
  };
  return await deliver(wire, asForm(payload), "form", closing);
}

/** A modal or the app's page is on one person's screen; nobody else reaches it. */
export function requireOpen(workspace: Workspace, { user, view: id }: { user: string; view: string }): View {
  const view = workspace.views.get(id) ?? [...workspace.homes.values()].find((home) => home.id === id);
  if (!view?.open) throw new Error(`Cannot act on the modal "${id}": it is not open`);
  if (view.user !== user) throw new Error(`Cannot act on the modal "${id}": it is not open for "${user}"`);
  return view;
}
