import type { App, ViewResponseAction } from "@slack/bolt";
import { afterEach, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { aSlack, CHANNEL, NINA, startBolt } from "./bolt-app.ts";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const modal = (text: string, more: object = {}) => ({
  type: "modal" as const,
  callback_id: "step",
  title: plain(text),
  submit: plain("Go"),
  blocks: [{ type: "section" as const, text: plain(text) }],
  ...more,
});

let stack: AsyncDisposableStack;
afterEach(async () => await stack.disposeAsync());

/** A Slack in which `/k8s-why` opens a modal, and the program answers its submission so. */
async function openedModal(
  content: object,
  reply: ViewResponseAction | undefined,
  more?: (app: App) => void,
): Promise<{ slack: LocalSlack; view: string }> {
  stack = new AsyncDisposableStack();
  const slack = stack.use(await aSlack());
  stack.use(
    await startBolt(slack, (app) => {
      app.command("/k8s-why", async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: content as ReturnType<typeof modal> });
      });
      app.view("step", async ({ ack }) => await (reply ? ack(reply as never) : ack()));
      more?.(app);
    }),
  );
  await slack.slashCommand({ user: NINA.id, command: "/k8s-why", channel: CHANNEL });
  await expect.poll(() => slack.views.length).toBe(1);
  return { slack, view: slack.views[0]!.id };
}

describe("the submission of a modal", () => {
  it.each([
    ["closed", undefined, [false]],
    ["cleared", { response_action: "clear" } as const, [false]],
    ["updated", { response_action: "update", view: modal("next") } as const, [true]],
    ["pushed", { response_action: "push", view: modal("above") } as const, [true, true]],
  ])("is %s", async (kind, reply, open) => {
    const { slack, view } = await openedModal(modal("first"), reply);

    expect((await slack.submitView({ user: NINA.id, view })).kind).toBe(kind);
    expect(slack.views.map((each) => each.open)).toEqual(open);
  });

  it("shows errors at its blocks until it is sent again", async () => {
    const { slack, view } = await openedModal(modal("first"), { response_action: "errors", errors: { one: "Not like this" } });

    await slack.submitView({ user: NINA.id, view });

    expect(slack.views[0]).toMatchObject({ open: true, errors: { one: "Not like this" } });
  });

  it("fails when the answer breaks Slack's limits", async () => {
    const { slack, view } = await openedModal(modal("first"), { response_action: "update", view: modal("x".repeat(25)) });

    expect(await slack.submitView({ user: NINA.id, view })).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("/view/title"),
    });
  });

  it("fails when the program does not answer in time", async () => {
    const { slack, view } = await openedModal(modal("first"), undefined);
    slack.setEventsUrl("http://127.0.0.1:9/");

    expect(await slack.submitView({ user: NINA.id, view })).toMatchObject({ kind: "failed", delivery: { status: 0 } });
  });
});

describe("closing a modal", () => {
  it("is told to the program where it asked for it", async () => {
    const closed: string[] = [];
    const { slack, view } = await openedModal(modal("first", { notify_on_close: true }), undefined, (app) =>
      app.view({ callback_id: "step", type: "view_closed" }, async ({ ack, view }) => {
        closed.push(view.id);
        await ack();
      }),
    );

    await slack.closeView({ user: NINA.id, view });

    expect(slack.views[0]!.open).toBe(false);
    expect(closed).toEqual([view]);
  });

  it("leaves nothing to press", async () => {
    const { slack, view } = await openedModal(modal("first"), undefined);
    await slack.closeView({ user: NINA.id, view });

    await expect(slack.submitView({ user: NINA.id, view })).rejects.toThrow("is not open");
  });
});

describe("a button in a modal", () => {
  it("tells the program what the inputs hold, and may push another modal", async () => {
    const heard: object[] = [];
    const input = {
      type: "input",
      block_id: "why",
      optional: true,
      label: plain("Why"),
      element: { type: "plain_text_input", action_id: "text" },
    };
    const actions = { type: "actions", elements: [{ type: "button", action_id: "more", text: plain("More") }] };
    const { slack, view } = await openedModal(modal("first", { blocks: [input, actions] }), undefined, (app) =>
      app.action("more", async ({ ack, body, client }) => {
        const { trigger_id, view } = body as unknown as { trigger_id: string; view: { state: { values: object } } };
        heard.push(view.state.values);
        await ack();
        await client.views.push({ trigger_id, view: modal("above") });
      }),
    );

    await slack.pressInView({ user: NINA.id, view, actionId: "more", values: { why: { text: "because" } } });

    await expect.poll(() => slack.views.length).toBe(2);
    expect(heard).toMatchObject([{ why: { text: { type: "plain_text_input", value: "because" } } }]);
    expect(slack.views[1]).toMatchObject({ previousViewId: view, rootViewId: view });
  });
});
