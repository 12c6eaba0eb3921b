import { CHANNEL, NINA, OTTO, ADA, type Stage, startStage } from "./bot-app.ts";
import { HOUR, MINUTE, NOON, SECOND, aDiagnosis, aLanding, aStep, aSuspect, anIncident } from "#test/builders.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { strays, textsOf } from "./safe.ts";
import type { Home } from "#domain/ports/home.ts";
import { nastyIncident, randomFrom } from "./nasty.ts";
import { refuseView } from "#sim/slack/blocks/validate.ts";
import { renderHome } from "#bot/cards/home.ts";

let stage: Stage;
const stranger = { id: "U0STRANGER", name: "sten", realName: "Sten Range", is: "stranger" } as const;
beforeEach(async () => void (stage = await startStage({}, { users: [NINA, OTTO, ADA, stranger] })));
afterEach(() => stage[Symbol.asyncDispose]());

const readHome = (user: string) => textsOf(stage.slack.home(user)?.view.blocks).join("\n");

/** Opens the app's page, and gives what stands on it. */
async function open(user = NINA.id): Promise<string> {
  const published = () => stage.slack.requests.filter(({ method }) => method === "views.publish").length;
  const before = published();
  await stage.slack.openHome({ user });
  await vi.waitFor(() => expect(published()).toBeGreaterThan(before));
  await vi.waitFor(() => expect(readHome(user)).not.toBe(""));
  return readHome(user);
}

const landing = aLanding({ author: { name: "Nina Abel", email: "NINA@example.com" } });
const diagnosis = aDiagnosis({ suspects: [aSuspect({ subject: { kind: "landing", landing } })] });
const cap = aStep({ state: "done", at: NOON, by: OTTO.id, outcome: "Capped." });

describe("the app's page", () => {
  test("shows nothing to people of another workspace", async () => {
    await stage.slack.openHome({ user: stranger.id });
    await open();
    expect(readHome(stranger.id)).toBe("");
  });

  test("before anything has happened: nothing open, what I may do, and that nobody watches yet", async () => {
    const page = await open();
    expect(page).toContain("No open incident");
    expect(page).toContain("Nothing that is open has to do with you.");
    expect(page).toContain('the rule "all", which names you');
    expect(page).toContain(":red_circle: *Cluster prod:* away, no agent has told of it yet");
    expect(page).toContain(":white_circle: *Prometheus:* not used, none is set");
    expect(page).toContain("Nobody has said yet");
    expect(await open(OTTO.id)).toContain("No rule allows you anything.");
  });

  test("lists what is open with its thread, what has to do with me, who watches, and how right the first suspect was", async () => {
    await stage.bot.ready();
    const incident = anIncident({ diagnosis, plan: [cap] });
    await stage.store.openIncident(incident);
    const { ts } = await stage.tell(incident);
    await stage.store.openIncident(anIncident({ id: "inc-2", key: "prod/shop/api", openedAt: NOON - HOUR }));
    await stage.store.saveSeenUntil("prod", NOON - 12 * SECOND);
    await stage.store.rememberLastSeen("acme/shop", "main", { sha: landing.sha, at: NOON - HOUR });
    const said = { incidentId: "old", suspectId: "s", right: true, by: NINA.id, at: NOON - HOUR, probability: 0.9, evidence: [] };
    await stage.store.saveVerdict(said);
    await stage.store.saveVerdict({ ...said, incidentId: "older", right: false });
    const page = await open();
    expect(page).toMatch(/^2 open incidents\n:red_circle: \*shop\/web\*/);
    expect(page).toContain(`<${stage.slack.url}/archives/${CHANNEL}/p${ts.replace(".", "")}|To the thread>`);
    expect(page).toContain("• `shop/web`: your change is suspected");
    expect(page).toContain(":large_green_circle: *Cluster prod:* watched up to 12 s ago");
    expect(page).toContain(`*GitHub acme/shop:* the newest known commit of main is ${landing.sha.slice(0, 7)}`);
    expect(page).toContain("Of 2 incidents that people judged, the first suspect was it once (50 %).");
    expect(page).toContain("Told with 80 % or more it was right in 1 of 2.");
    expect(await open(OTTO.id)).toContain("• `shop/web`: you approved a step");
    expect(await open(ADA.id)).toContain("Nothing that is open has to do with you.");
    await stage.store.saveFollower({ user: ADA.id, patterns: ["shop/*"] });
    const followed = await open(ADA.id);
    expect(followed).toContain("• `shop/api`: you subscribed to it");
    expect(followed).toContain("You are told in direct messages of `shop/∗`.");
  });

  test("is made anew by its button, once however often Slack tells it; its other tab is left alone", async () => {
    expect(await open()).toContain("No open incident");
    await stage.store.openIncident(anIncident({ diagnosis }));
    const view = stage.slack.home(NINA.id)?.id ?? "";
    await stage.slack.openHome({ user: NINA.id, tab: "messages" });
    const published = () => stage.slack.requests.filter(({ method }) => method === "views.publish").length;
    expect(published()).toBe(1);
    await stage.slack.pressInView({ user: NINA.id, view, actionId: "home:refresh" });
    await vi.waitFor(() => expect(readHome(NINA.id)).toContain("1 open incident"));
    const event = { type: "app_home_opened", user: NINA.id, channel: "D0NINA", tab: "home", event_ts: "5.5" };
    const { eventId } = await stage.slack.event({ event });
    await stage.slack.event({ event, eventId, retry: { num: 1, reason: "http_timeout" } });
    await stage.slack.event({ event: { ...event, user: OTTO.id } });
    await vi.waitFor(() => expect(stage.slack.home(OTTO.id)).toBeDefined());
    expect(published()).toBe(4);
  });

  test("says that all acts are stopped, and who stopped them", async () => {
    await stage.store.saveStop({ by: OTTO.id, at: NOON - HOUR });
    expect(await open()).toContain(`says <@${OTTO.id}>. Nobody can approve anything; \`/k8s-why go\` turns them on again.`);
    await stage.store.forgetStop();
    expect(await open()).not.toContain("stopped");
  });

  test("without Redis it says so, and what I may do", async () => {
    await stage.redis[Symbol.asyncDispose]();
    const page = await open();
    expect(page).toContain("Redis does not answer, so I do not know what is open.");
    expect(page).toContain(":red_circle: *Redis:* away");
    expect(page).toContain('the rule "all", which names you');
    expect(page).not.toContain("No open incident");
  });

  test("what is late or away is said in words; so is that Slack cannot tell who I am", async () => {
    stage.slack.inject({ kind: "refusal", method: "users.info", error: "internal_error" });
    await stage.store.saveSeenUntil("prod", NOON - 3 * MINUTE);
    const page = await open();
    expect(page).toContain("*Cluster prod:* late, watched up to 3 min ago");
    expect(page).toContain("Slack does not say who you are right now");
    await stage.store.saveSeenUntil("prod", NOON - HOUR);
    expect(await open()).toContain("*Cluster prod:* away, watched up to 1 h ago");
  });
});

describe("its card", () => {
  const home = (over: Partial<NonNullable<Home["told"]>>): Home => ({
    may: ["x".repeat(900)],
    watchers: [{ name: "<!channel>", state: "away", text: "<!here> `x`" }],
    told: {
      open: [],
      mine: [],
      follows: Array.from({ length: 40 }, () => "<!channel>*".repeat(9)),
      accuracy: { judged: 12, first: 9, among: 11, sure: 8, sureRight: 7 },
      ...over,
    },
  });

  test("stays within what Slack takes, and calls nobody, whatever is in it", () => {
    for (let seed = 0; seed < 2; seed += 1) {
      const random = randomFrom(seed);
      const open = Array.from({ length: 26 }, () => ({ incident: nastyIncident(random) }));
      const mine = open.map(({ incident }) => ({ workload: incident.key, why: "<!channel>" }));
      const view = renderHome(home({ open, mine }), NOON, () => "https://example.slack.com/archives/C0/p1");
      expect(refuseView(view, "home")).toBeUndefined();
      expect(view.blocks.length).toBeLessThan(100);
      expect(strays(view)).toEqual([]);
      expect(textsOf(view).join("\n")).toContain("… 6 more");
    }
  });

  test("is the same for the same facts", () => {
    const page = home({ open: [{ incident: anIncident({ diagnosis }) }] });
    expect(renderHome(page, NOON, () => undefined)).toEqual(renderHome(page, NOON, () => undefined));
  });
});
