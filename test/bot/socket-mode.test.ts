import { ADA, CHANNEL, NINA, type Stage, startStage } from "./bot-app.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NOON, aStep, anIncident, shopWeb } from "#test/builders.ts";
import { textsOf } from "./safe.ts";

const appToken = "xapp-1-local";
let stage: Stage;
beforeEach(async () => {
  stage = await startStage({ appToken }, { appToken });
  await connected();
});
afterEach(() => stage[Symbol.asyncDispose]());

const connected = () => vi.waitFor(async () => expect(await stage.bot.ready()).toBeUndefined());

async function ask(text: string): Promise<string> {
  await stage.slack.slashCommand({ user: NINA.id, command: "/k8s-why", text, channel: CHANNEL });
  const answer = () => stage.slack.messages(CHANNEL).findLast(({ ephemeralFor }) => ephemeralFor === NINA.id)?.versions[0];
  await vi.waitFor(() => expect(answer()).toBeDefined());
  return [answer()?.text ?? "", ...textsOf(answer()?.blocks)].join("\n");
}

test("nothing is taken over HTTP", () => expect(stage.bot.listener).toBeUndefined());

test("a command is answered", async () => expect(await ask("help")).toContain("says why a workload is at its size"));

test("a button opens a modal, and its submission is answered with another", async () => {
  const incident = anIncident({ plan: [aStep()] });
  const { ts } = await stage.tell(incident);
  await stage.slack.pressButton({ user: ADA.id, message: { channel: CHANNEL, ts }, actionId: "step:cap" });
  await vi.waitFor(() => expect(stage.workflow.previews).toHaveLength(1));
  const [request] = stage.workflow.previews;
  const [step] = incident.plan;
  if (!request || !step) throw new Error("Nothing was asked for");
  const ceiling = { workload: shopWeb, autoscaler: "web", autoscalerUid: "u1", fromMax: 4000, toMax: 96 };
  const intent = { kind: "cap", ...ceiling } as const;
  const preview = { at: NOON, intent, effects: [], changes: [], warnings: [], dryRun: "accepted" } as const;
  await stage.bot.slack.showPreview(request.viewId, incident, step, { kind: "preview", preview }, stage.workflow.viewer(ADA.id));

  const submitted = await stage.slack.submitView({ user: ADA.id, view: request.viewId });

  expect(submitted.kind).toBe("updated");
  expect(stage.workflow.decisions).toMatchObject([{ user: ADA.id, incidentId: incident.id }]);
});

test("a mention that Slack sends again is answered once", async () => {
  const event = { type: "app_mention", user: NINA.id, text: "again", ts: "5.5", channel: CHANNEL, event_ts: "5.5" };
  const { eventId, ok } = await stage.slack.event({ event });
  await stage.slack.event({ event, eventId, retry: { num: 1, reason: "http_timeout" } });
  await stage.slack.event({ event: { ...event, ts: "6.6" } });

  expect(ok).toBe(true);
  const posts = () => stage.slack.requests.filter(({ method }) => method === "chat.postMessage");
  await vi.waitFor(() => expect(posts()).toHaveLength(2));
});

const opened = () => stage.slack.requests.filter(({ method, error }) => method === "apps.connections.open" && !error).length;

test.each(["refresh", "cut"] as const)("a connection that Slack ends (%s) is made again", async (how) => {
  const before = opened();
  stage.slack.socket[how]();
  await vi.waitFor(() => expect(opened()).toBe(before + 1));
  await connected();

  expect(await ask("help")).toContain("says why a workload is at its size");
});

test("Slack cannot be reached for a while: readiness says so, and it goes on", async () => {
  const before = opened();
  const fault = stage.slack.inject({ kind: "hang-up", method: "apps.connections.open", afterEffect: false });
  stage.slack.socket.cut();
  await vi.waitFor(async () => expect(await stage.bot.ready()).toMatch(/^Cannot connect to Slack by Socket Mode: ./));
  fault[Symbol.dispose]();
  await vi.waitFor(() => expect(opened()).toBe(before + 1));
  await connected();
});

test("a wrong token is named by readiness, and closing does not wait", async () => {
  await using other = await startStage({ appToken: "xapp-1-other" }, { appToken });
  await vi.waitFor(async () => expect(await other.bot.ready()).toContain("invalid_auth"));
});
