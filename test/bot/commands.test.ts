import { CHANNEL, NINA, type Stage, startStage } from "./bot-app.ts";
import { anIncident } from "#test/builders.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { textsOf } from "./safe.ts";

let stage: Stage;
beforeEach(async () => void (stage = await startStage()));
afterEach(() => stage[Symbol.asyncDispose]());

/** Types the command, and gives the answer that only Nina sees. */
async function ask(text: string): Promise<string> {
  await stage.slack.slashCommand({ user: NINA.id, command: "/k8s-why", text, channel: CHANNEL });
  const answer = () => stage.slack.messages(CHANNEL).find(({ ephemeralFor }) => ephemeralFor === NINA.id)?.versions[0];
  await vi.waitFor(() => expect(answer()).toBeDefined());
  return [answer()?.text ?? "", ...textsOf(answer()?.blocks)].join("\n");
}

test("nothing is open", async () => expect(await ask("")).toContain("No open incident."));

test("open incidents, with the thread where it is known", async () => {
  await stage.bot.ready();
  const incident = anIncident();
  const { ts } = await stage.tell(incident);
  stage.workflow.open = [incident];
  const answer = await ask("");
  expect(answer).toContain(":red_circle: *shop/web* Open, opened at");
  expect(answer).toContain(`<${stage.slack.url}/archives/${CHANNEL}/p${ts.replace(".", "")}|To the thread>`);
});

test("an unknown workload: similar names", async () => {
  stage.workflow.named = { kind: "unknown", keys: ["prod/shop/web", "prod/shop/web-admin"] };
  expect(await ask("wbe<!channel>")).toMatch(/No workload called `wbe&lt;!channel&gt;` is watched\.[^]*• `prod\/shop\/web`/);
});

test("a calm workload: why it is at its size", async () => {
  stage.workflow.explanation = {
    kind: "calm",
    workload: "shop/web",
    desired: 31,
    ready: 31,
    usual: 30,
    floor: 3,
    ceiling: 4000,
    cpuPercent: 68,
    targetCpuPercent: 70,
    recent: ["Revision 7 rolled out at 09:12."],
  };
  expect(await ask("web")).toContain(
    "`shop/web` runs 31 replicas. Usual is 30, about as many. Its autoscaler keeps CPU near 70 % of the request, and it is at 68 %.",
  );
});

test("a workload with an incident: the situation", async () => {
  stage.workflow.explanation = { kind: "incident", incident: anIncident() };
  expect(await ask("web")).toContain("runs *75* replicas, usually *30*");
});

test("help", async () => expect(await ask("help")).toContain("says why a workload is at its size"));

test("Redis is away: a sentence, no stack trace", async () => {
  stage.workflow.openIncidents = () => Promise.reject(new Error("ECONNREFUSED 127.0.0.1"));
  const answer = await ask("");
  expect(answer).toContain("I cannot look that up right now.");
  expect(answer).not.toContain("ECONNREFUSED");
});

test("a mention gets help in its thread, once however often it is told", async () => {
  const { message } = await stage.slack.say({ user: NINA.id, channel: CHANNEL, text: `<@${stage.slack.botUser}> hello` });
  const replies = () => stage.slack.messages(CHANNEL).filter(({ threadTs, ts }) => threadTs === message.ts && ts !== message.ts);
  await vi.waitFor(() => expect(replies()).toHaveLength(1));
  const event = { type: "app_mention", user: NINA.id, text: "again", ts: "5.5", channel: CHANNEL, event_ts: "5.5" };
  const { eventId } = await stage.slack.event({ event });
  await stage.slack.event({ event, eventId, retry: { num: 1, reason: "http_timeout" } });
  await stage.slack.event({ event: { ...event, ts: "6.6" } });
  await vi.waitFor(() => expect(stage.slack.requests.filter(({ method }) => method === "chat.postMessage")).toHaveLength(3));
});
