import { CHANNEL, NINA, OTTO, SECRET, type Stage, startStage } from "./bot-app.ts";
import { NOON, aDiagnosis, aStep, anIncident, shopWeb } from "#test/builders.ts";
import type { Preview } from "#domain/order.ts";
import type { Step } from "#domain/plan.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "#lib/digest.ts";
import { signHeaders } from "#sim/slack/send/sign.ts";
import { textsOf } from "./safe.ts";

let stage: Stage;
beforeEach(async () => void (stage = await startStage()));
afterEach(() => stage[Symbol.asyncDispose]());

const plan = [aStep(), aStep({ id: "back", kind: "rollback" }), aStep({ id: "drain", kind: "drain", state: "waiting" })];
const incident = anIncident({
  plan,
  diagnosis: aDiagnosis({
    rollbackSafety: {
      verdict: "needs-down-migration",
      migrations: ["db/0042_add.sql"],
      reason: "One migration is in the range.",
    },
  }),
});
const preview: Preview = {
  at: NOON,
  intent: { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u1", fromMax: 4000, toMax: 96 },
  effects: ["The ceiling goes from 4,000 to 96."],
  changes: [{ what: "maxReplicas", before: "4,000", after: "96" }],
  warnings: ["It takes no pod away."],
  dryRun: "accepted",
};
const modal = () => stage.slack.views.at(-1);
const modalText = () => textsOf(modal()?.view).join("\n");

async function press(actionId: string, user = NINA.id): Promise<void> {
  const ts = stage.slack.messages(CHANNEL)[0]?.ts ?? (await stage.tell(incident)).ts;
  const delivery = await stage.slack.pressButton({ user, message: { channel: CHANNEL, ts }, actionId });
  expect(delivery.status).toBe(200);
}

/** Presses, and lets the workflow fill the modal. */
async function pressAndShow(step: Step, shown = preview): Promise<string> {
  await press(`step:${step.kind}`);
  await vi.waitFor(() => expect(stage.workflow.previews).toHaveLength(1));
  const viewId = stage.workflow.previews[0]?.viewId ?? "";
  await stage.bot.slack.showPreview(viewId, incident, step, { kind: "preview", preview: shown });
  return viewId;
}

const cap = aStep();
const back = aStep({ id: "back", kind: "rollback" });

describe("a press", () => {
  test("opens a loading modal and asks for the preview", async () => {
    await press("step:cap");
    await vi.waitFor(() =>
      expect(stage.workflow.previews).toEqual([
        { incidentId: incident.id, stepId: "cap", viewId: modal()?.id, viewer: stage.workflow.viewer(NINA.id) },
      ]),
    );
    expect(modal()?.view).toMatchObject({ callback_id: "step", title: { text: "Cap" } });
    expect(modalText()).toContain("Loading");
    expect(modal()?.view["submit"]).toBeUndefined();
  });

  test("by somebody who may not is politely refused", async () => {
    await press("step:cap", OTTO.id);
    await vi.waitFor(() => expect(modalText()).toContain("No rule allows you that. Nothing was changed."));
    expect(stage.workflow.previews).toEqual([]);
  });

  test("that cannot be asked for says so", async () => {
    stage.workflow.requestPreview = () => Promise.reject(new Error("Redis is away"));
    await press("step:cap");
    await vi.waitFor(() => expect(modalText()).toContain("The preview cannot be made right now. Nothing was changed."));
  });

  test("whose preview does not come says so, and one that has come stays", async () => {
    await stage[Symbol.asyncDispose]();
    stage = await startStage({ previewPatienceMs: 50 });
    await press("step:cap");
    await vi.waitFor(() => expect(modalText()).toContain("The cluster does not answer. Nothing was changed."));

    stage.workflow.requestPreview = ({ viewId }) =>
      stage.bot.slack.showPreview(viewId, incident, cap, { kind: "preview", preview });
    await press("step:cap");
    await vi.waitFor(() => expect(stage.slack.requests.filter(({ method }) => method === "views.update")).toHaveLength(3));
    expect(modalText()).toContain("1. The ceiling goes from 4,000 to 96.");
  });

  test("that comes too late for Slack is told to the person", async () => {
    stage.slack.inject({ kind: "refusal", method: "views.open", error: "expired_trigger_id" });
    await press("step:cap");
    await vi.waitFor(() =>
      expect(stage.slack.messages(CHANNEL).find(({ ephemeralFor }) => ephemeralFor === NINA.id)?.versions[0]?.text).toContain(
        "Please press again",
      ),
    );
  });

  test("repeated by Slack opens one modal", async () => {
    const value = JSON.stringify({ incident: incident.id, step: "cap" });
    const payload = {
      type: "block_actions",
      user: { id: NINA.id },
      team: { id: "T1" },
      api_app_id: "A1",
      trigger_id: "1.2.same",
      channel: { id: CHANNEL },
      actions: [{ type: "button", action_id: "step:cap", block_id: "b", value, action_ts: "1.1" }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-retry-num": String(repeat),
        ...signHeaders(body, SECRET, Date.now()),
      };
      expect((await fetch(stage.url, { method: "POST", body, headers })).status).toBe(200);
    }
    await vi.waitFor(() => expect(stage.slack.requests.filter(({ method }) => method === "views.open")).toHaveLength(1));
  });

  test("on a link shaped as a button is acknowledged", async () => {
    const payload = {
      type: "block_actions",
      user: { id: NINA.id },
      team: { id: "T1" },
      api_app_id: "A1",
      trigger_id: "1",
      actions: [{ type: "button", action_id: "link", block_id: "b", action_ts: "1.1" }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const response = await fetch(stage.url, {
      method: "POST",
      body,
      headers: { "content-type": "application/x-www-form-urlencoded", ...signHeaders(body, SECRET, Date.now()) },
    });
    expect(response.status).toBe(200);
  });
});

describe("a preview", () => {
  test("shows what will happen, and carries the hash of the intent", async () => {
    await pressAndShow(cap);
    expect(modalText()).toContain("1. The ceiling goes from 4,000 to 96.");
    expect(modalText()).toContain("4,000 → 96");
    expect(modal()?.view).toMatchObject({
      submit: { text: "Cap" },
      private_metadata: JSON.stringify({ incident: incident.id, step: "cap", intent: digestOf(preview.intent) }),
    });
  });

  test.each([
    [{ kind: "refused", text: "The workload is paused." } as const, "Not now. The workload is paused."],
    [{ kind: "already-done", text: "The ceiling is 96." } as const, "Already done. The ceiling is 96."],
  ])("that says no has nothing to submit: %o", async (result, text) => {
    const viewId = await pressAndShow(cap);
    await stage.bot.slack.showPreview(viewId, incident, cap, result);
    expect(modalText()).toContain(text);
    expect(modal()?.view["submit"]).toBeUndefined();
  });

  test("for a modal that was closed meanwhile is no error", async () => {
    const viewId = await pressAndShow(cap);
    await stage.slack.closeView({ user: NINA.id, view: viewId });
    await expect(stage.bot.slack.showPreview(viewId, incident, cap, { kind: "preview", preview })).resolves.toBeUndefined();
  });

  test("of a rollback over migrations needs a tick", async () => {
    const viewId = await pressAndShow(back);
    expect(modalText()).toContain("`0042_add.sql`");
    expect(await stage.slack.submitView({ user: NINA.id, view: viewId })).toMatchObject({ kind: "errors" });
    expect(stage.workflow.decisions).toEqual([]);
    expect(
      await stage.slack.submitView({ user: NINA.id, view: viewId, values: { migrations: { confirmed: ["confirmed"] } } }),
    ).toMatchObject({ kind: "updated" });
    expect(stage.workflow.decisions).toHaveLength(1);
  });
});

describe("a submission", () => {
  test("is decided with what was shown, and the modal says what came of it", async () => {
    const view = await pressAndShow(cap);
    expect(await stage.slack.submitView({ user: NINA.id, view })).toMatchObject({ kind: "updated" });
    expect(stage.workflow.decisions).toEqual([
      { incidentId: incident.id, stepId: "cap", user: NINA.id, intentHash: digestOf(preview.intent) },
    ]);
    expect(modalText()).toContain(":white_check_mark: Approved. The cap is on its way.");
  });

  test("with another choice than the one that is shown approves nothing", async () => {
    const options = ["96", "120"].map((value) => ({ value, text: value }));
    const view = await pressAndShow(cap, { ...preview, choices: { label: "Ceiling", options, chosen: "96" } });
    await stage.slack.submitView({ user: NINA.id, view, values: { choice: { choice: "120" } } });
    expect(stage.workflow.decisions).toEqual([]);
    expect(modalText()).toContain("What you chose was not shown yet, so nothing was approved.");
  });

  test("by somebody who may not any more is refused by the decision", async () => {
    const view = await pressAndShow(cap);
    stage.workflow.answer = async () => ({ kind: "refused", text: "No rule allows you that." });
    await stage.slack.submitView({ user: NINA.id, view });
    expect(modalText()).toContain(":no_entry: No rule allows you that.");
  });

  test("that takes long is answered in time, and filled when it is known", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.workflow.answer = () => promise.then(() => ({ kind: "already-done", text: "Nina did it." }));
    const view = await pressAndShow(cap);
    await stage.slack.submitView({ user: NINA.id, view });
    expect(modalText()).toContain("This takes longer than usual");
    resolve();
    await vi.waitFor(() => expect(modalText()).toContain("Nina did it."));
  });

  test("that fails says so, and may be tried again", async () => {
    stage.workflow.answer = () => Promise.reject(new Error("Redis is away"));
    const view = await pressAndShow(cap);
    await stage.slack.submitView({ user: NINA.id, view });
    expect(modalText()).toContain("This could not be written down right now");
  });

  test("repeated by Slack decides once and answers the same", async () => {
    const view = await pressAndShow(cap);
    const opened = stage.slack.views.find(({ id }) => id === view);
    const payload = {
      type: "view_submission",
      user: { id: NINA.id },
      team: { id: "T1" },
      api_app_id: "A1",
      trigger_id: "9.9.same",
      view: { ...opened?.view, id: view, state: { values: {} } },
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const answers = await Promise.all(
      [1, 2].map(async (retry) => {
        const headers = {
          "content-type": "application/x-www-form-urlencoded",
          "x-slack-retry-num": String(retry),
          ...signHeaders(body, SECRET, Date.now()),
        };
        return (await fetch(stage.url, { method: "POST", body, headers })).text();
      }),
    );
    expect(stage.workflow.decisions).toHaveLength(1);
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('"response_action":"update"');
  });
});
