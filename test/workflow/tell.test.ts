import { ADA, CHANNEL, NINA, OTTO, type Stage } from "#test/bot/bot-app.ts";
import { type Telling, bareSettings, startTellStage } from "#test/bot/tell-stage.ts";
import {
  NOON,
  aDiagnosis,
  aLanding,
  aSituation,
  aSpike,
  aState,
  aStep,
  aSuspect,
  anIncident,
  anOwnership,
} from "#test/builders.ts";
import { type Callee, type Route, severities } from "#domain/told.ts";
import { afterEach, describe, expect, test } from "vitest";
import type { Author } from "#domain/change.ts";
import type { Incident } from "#domain/incident.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { createTell } from "#workflow/tell.ts";
import { silentLog } from "#lib/log.ts";
import { tellAllIn } from "#domain/ports/told.ts";
import { textsOf } from "#test/bot/safe.ts";

const LEFT = { id: "U0LEFT", name: "left", realName: "Lena Left", email: "left@example.com", is: "deleted" } as const;
const DOUBT = { id: "U0DOUBT", name: "doubt", realName: "D", email: "doubt@example.com", emailUnconfirmed: true };
const channels = [CHANNEL, "C0PAY", "C0TEAM"].map((id) => ({ id, name: id.toLowerCase() }));
const slack = (id: string): Callee => ({ kind: "slack", id });
const schedule: Callee = { kind: "pagerduty", schedule: "PSHOP" };

let stage: Stage;
afterEach(() => stage[Symbol.asyncDispose]());
const start = async (telling: Telling = {}) => {
  stage = await startTellStage({ ...telling, slack: { users: [NINA, OTTO, ADA, LEFT, DOUBT], channels, ...telling.slack } });
};

function suspectedOf(author: Author, over: Partial<Parameters<typeof aLanding>[0]> = {}) {
  const landing = aLanding({ author, ...over });
  return aDiagnosis({
    suspects: [aSuspect({ id: landing.id, subject: { kind: "landing", landing } })],
    ownership: anOwnership(),
  });
}
const ada: Author = { name: "Ada Lovelace", email: ADA.email };
const incident = (over: Partial<Incident> = {}): Incident =>
  anIncident({ diagnosis: suspectedOf(ada), plan: [aStep()], ...over });

/** Says it as the announcing does, from the store. */
async function announce(one: Incident): Promise<void> {
  const { opened } = await stage.store.openIncident(one);
  if (!opened) await stage.store.updateIncident(one.id, () => one);
  await createAnnounce({ verbs: { ...stage.store, ...stage.bot.slack }, now: () => NOON })(one.id);
  await stage.quiet();
}
/** Whom Slack would notify, message by message: by what was posted, not by what it was edited to. */
function calls(): string[][] {
  return channels.flatMap(({ id }) =>
    stage.slack.messages(id).map(({ versions }) => {
      const texts = textsOf(versions[0]?.blocks).join("\n");
      return [...texts.matchAll(/<(?:@|!subteam\^)([A-Z0-9]+)>|<!(channel|here|everyone)/g)].map(
        (match) => match[1] ?? match[2] ?? "",
      );
    }),
  );
}
const called = () => calls().flat();
const headline = (channel = CHANNEL) => {
  const [message] = stage.slack.messages(channel);
  return textsOf(message?.versions.at(-1)?.blocks).join("\n");
};

const aRoute = (over: Partial<Route>): Route => ({
  name: "payments",
  clusters: ["*"],
  namespaces: ["*"],
  workloads: ["*"],
  severities,
  channel: "C0PAY",
  ...over,
});

describe("the channel", () => {
  test("is that of the first route that fits, for headline, timeline and replies", async () => {
    await start({ settings: { routes: [aRoute({ namespaces: ["pay"], channel: "C0TEAM" }), aRoute({ namespaces: ["sh*"] })] } });
    await announce(incident({ plan: [aStep({ state: "done", by: NINA.id, at: NOON, outcome: "It is 96 now." })] }));
    expect(stage.slack.messages("C0PAY")).toHaveLength(4);
    expect([...stage.slack.messages(CHANNEL), ...stage.slack.messages("C0TEAM")]).toEqual([]);
  });

  test.each([
    ["the annotation's team", { annotations: { "k8s-why.dev/owner": "Payments" } }, []],
    ["who owns its paths by CODEOWNERS", { annotations: {} }, ["@acme/payments", "@octocat"]],
  ])("may go by team: %s", async (_name, state, owners) => {
    await start({
      settings: { routes: [aRoute({ teams: ["payments"] })] },
      owners: async (_repository, _branch, paths) => (paths.includes("services/web/") ? owners : []),
    });
    await stage.store.saveWorkloads("prod", [aState(state)]);
    await announce(incident());
    expect(stage.slack.messages("C0PAY")).toHaveLength(3);
  });

  test("may go by severity, and stays when that changes, and over another start with another configuration", async () => {
    await start({ settings: { routes: [aRoute({ severities: ["high"] })] } });
    const high = incident({ now: aSituation({ desired: 200 }) });
    await announce(high);
    await announce(incident());
    expect(stage.slack.messages("C0PAY")).toHaveLength(3);

    const verbs = { ...stage.store, onCall: async () => [], owners: async () => [] };
    const people = { person: async () => Promise.reject(new Error("no")), byEmail: async () => undefined };
    const again = createTell({ verbs, settings: { ...bareSettings, channel: "C0TEAM" }, people, log: silentLog });
    expect(await again.toldOf(high, NOON)).toMatchObject({ channel: "C0PAY", route: "payments", severity: "high" });
    expect(await again.toldOf({ ...high, id: "inc-fresh" }, NOON)).toMatchObject({ channel: "C0TEAM" });
  });

  test("of a route may have its own on-call", async () => {
    await start({ settings: { onCall: [slack("S0ALL")], routes: [aRoute({ onCall: [slack("S0PAY")] })] } });
    await announce(incident({ diagnosis: aDiagnosis({ named: false }) }));
    expect(called()).toEqual(["S0PAY"]);
  });
});

describe("who is on call", () => {
  test("is whom the schedule names, by address; ids beside it are left in peace", async () => {
    await start({ settings: { onCall: [schedule, slack("S0OPS")] }, onCall: async () => [{ name: "N", email: NINA.email }] });
    await announce(incident());
    expect(called()).toEqual([NINA.id, ADA.id]);
    expect(headline()).toContain(`On call: <@${NINA.id}>`);
  });

  test("where the schedule cannot be asked, is who stands beside it, and the reason is logged", async () => {
    const warned: object[] = [];
    const log = { ...silentLog, warn: (fields: object, message: string) => void warned.push({ ...fields, message }) };
    const onCall = () => Promise.reject(new Error("PagerDuty answers 500"));
    await start({ settings: { onCall: [schedule, slack("S0OPS")] }, onCall, log });
    await announce(incident());
    expect(called()).toEqual(["S0OPS", ADA.id]);
    expect(warned).toContainEqual(expect.objectContaining({ schedule, reason: "PagerDuty answers 500" }));
  });

  test.each([
    [
      "nobody stands beside a silent one",
      () => Promise.reject(new Error("away")),
      "PagerDuty could not be asked who is on call; please look there.",
    ],
    ["it names nobody", async () => [], "The schedule names nobody now."],
    ["Slack knows nobody of them", async () => [{ name: "Tim *Wright*", email: "tim@elsewhere.example" }], "Tim ∗Wright∗"],
  ])("is a plain sentence where %s", async (_name, onCall, sentence) => {
    await start({ settings: { onCall: [schedule] }, onCall });
    await announce(incident());
    expect(called()).toEqual([ADA.id]);
    expect(headline()).toContain(`On call: ${sentence}`);
  });

  test("of hundreds that a schedule names, only the first are looked up: Slack answers no more questions in a minute", async () => {
    const hundreds = Array.from({ length: 500 }, (_, index) => ({ name: `N${index}`, email: `n${index}@example.com` }));
    await start({ settings: { onCall: [schedule] }, onCall: async () => hundreds });
    await announce(incident());
    // And the author.
    expect(stage.slack.requests.filter(({ method }) => method === "users.lookupByEmail")).toHaveLength(20 + 1);
  });

  test("is nobody who has left: neither by the schedule nor by the configuration", async () => {
    await start({
      settings: { onCall: [schedule, slack(LEFT.id), slack("S0OPS")] },
      onCall: async () => [{ name: "Lena", email: LEFT.email }],
    });
    await announce(incident());
    expect(called()).toEqual(["S0OPS", ADA.id]);
    expect(headline()).toContain("On call: Lena, <!subteam^S0OPS>");
  });

  test("does not keep the message waiting when Slack hangs", async () => {
    await start({ settings: { onCall: [schedule] }, onCall: async () => [{ name: "Nina", email: NINA.email }] });
    stage.slack.inject({ kind: "delay", method: "users.lookupByEmail", ms: 6_000 });
    const began = performance.now();
    await announce(incident());
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(headline()).toContain("On call: Nina");
  });
});

describe("the author", () => {
  test.each([
    ["by login", { name: "O", login: "Octocat" }],
    ["by the login in GitHub's address", { name: "O", email: "583231+octocat@users.noreply.github.com" }],
    ["by an old address", { name: "O", email: "O@old.example" }],
  ])("is found %s, as the configuration says", async (_name, author) => {
    await start({ settings: { people: { octocat: OTTO.id, "o@old.example": OTTO.id } } });
    await announce(incident({ diagnosis: suspectedOf(author) }));
    expect(called()).toEqual([OTTO.id]);
    expect(headline()).toContain(`<@${OTTO.id}>, the first suspect is your change`);
  });

  test.each([
    ["a program", { name: "dependabot[bot]", email: NINA.email }],
    ["somebody who has left", { name: "Lena", email: LEFT.email }],
    ["an address that nobody has confirmed", { name: "D", email: DOUBT.email }],
    ["a login that is a word of JavaScript", { name: "C", login: "constructor" }],
    ["nobody Slack knows", { name: "Eve", email: "eve@elsewhere.example" }],
  ])("is not mentioned where it is %s", async (_name, author) => {
    await start();
    await announce(incident({ diagnosis: suspectedOf(author) }));
    expect(called()).toEqual([]);
    expect(headline()).not.toContain("your change");
  });

  test("of a suspect that is not named is left in peace; once it is named, they are told in the thread, once", async () => {
    await start();
    const unnamed = incident({ diagnosis: { ...suspectedOf(ada), named: false } });
    await announce(unnamed);
    expect(called()).toEqual([]);
    await announce(incident());
    await announce(incident());
    expect(calls()).toEqual([[], [], [], [ADA.id]]);
    const [, , , reply] = stage.slack.messages(CHANNEL);
    expect(reply?.threadTs).toBe(stage.slack.messages(CHANNEL)[0]?.ts);
    expect(reply?.versions[0]?.text).toBe(
      `<@${ADA.id}> A change of yours is the first suspect now: "Show prices with tax". Can you have a look?`,
    );
    expect(headline()).not.toContain("<@");
  });

  test("of another change that is named later is told once, however often the two change places; the same author is not told again", async () => {
    await start();
    const [first, second] = [incident(), incident({ diagnosis: suspectedOf({ name: "Otto", email: OTTO.email }) })];
    const third = incident({ diagnosis: suspectedOf({ name: "Ada", email: ADA.email }) });
    for (const one of [first, second, first, second, third]) await announce(one);
    expect(called()).toEqual([ADA.id, OTTO.id]);
  });
});

describe("the owners", () => {
  const settings = { owners: { "acme/web": "S0WEB", "acme/docs": "C0TEAM" }, people: { octocat: OTTO.id } };

  test("of the suspect's files and of the workload's paths are mentioned, found by configuration or address, or named plainly", async () => {
    const asked: unknown[] = [];
    await start({
      settings,
      owners: async (...question) => {
        asked.push(question);
        return question[2].includes("docs/a.md") ? ["@acme/Docs", "@octocat", NINA.email] : ["@acme/web", "@acme/nobody"];
      },
    });
    await announce(incident({ diagnosis: suspectedOf({ name: "Eve" }, { files: [{ path: "docs/a.md" }] }) }));
    expect(asked).toContainEqual(["acme/shop", "main", ["docs/a.md"]]);
    expect(asked).toContainEqual(["acme/shop", "main", ["services/web/"]]);
    expect(headline()).toContain(`Owners: <#C0TEAM>, <@${OTTO.id}>, <@${NINA.id}>, <!subteam^S0WEB>, @acme/nobody`);
    expect(called()).toEqual([OTTO.id, NINA.id, "S0WEB"]);
  });

  test("are not guessed from a directory that was only guessed", async () => {
    await start({ settings, owners: async () => ["@acme/web"] });
    await announce(incident({ diagnosis: aDiagnosis({ named: false, ownership: anOwnership({ from: "name" }) }) }));
    expect(headline()).not.toContain("Owners");
  });

  test("are left out where CODEOWNERS cannot be read", async () => {
    await start({ settings, owners: () => Promise.reject(new Error("away")) });
    await announce(incident());
    expect(called()).toEqual([ADA.id]);
  });
});

describe("everybody is called at most once an incident", () => {
  test("also who is on call, author and owner at the same time", async () => {
    await start({
      settings: { onCall: [schedule], people: { ada: ADA.id } },
      onCall: async () => [{ name: "A. Lovelace", email: ADA.email }],
      owners: async () => ["@ada", ADA.email],
    });
    await announce(incident());
    expect(called()).toEqual([ADA.id]);
    expect(headline()).toContain(`On call: <@${ADA.id}>`);
    expect(headline()).toContain("Ada Lovelace, the first suspect is your change");
    expect(headline()).toContain("Owners: @ada, ada@example.com");
  });

  test("also by later replies, by edits and by the end", async () => {
    const settings = { onCall: [slack(NINA.id)], escalation: [slack(NINA.id), slack(OTTO.id)] };
    await start({ settings });
    const helped = { ok: false, at: NOON, text: "The ceiling is 4,000 again." };
    const steps = ["cap", "lower"].map((id) => aStep({ id, kind: "cap", state: "done", at: NOON, helped }));
    await announce(incident());
    await announce(incident({ plan: steps }));
    await announce(incident({ plan: steps, also: [aSpike({ trouble: "above-ceiling", detectedAt: NOON - 1 })] }));
    await announce(incident({ plan: steps, status: "settled", settledAt: NOON }));
    expect(called()).toEqual([NINA.id, ADA.id, OTTO.id]);
    expect(stage.slack.messages(CHANNEL).filter(({ versions }) => versions[0]?.text.includes("has not helped"))).toHaveLength(2);
    expect(headline()).not.toMatch(/<@|<!subteam/);
  });

  test("and nobody by what can wait for the morning, until a runaway joins", async () => {
    await start({ settings: { onCall: [slack("S0OPS")] }, owners: async () => [ADA.email] });
    const ill = incident({ spike: aSpike({ trouble: "autoscaler-ill" }) });
    await announce(ill);
    expect(called()).toEqual([]);
    await announce({ ...ill, spike: aSpike({ detectedAt: NOON + 1 }), also: [ill.spike] });
    expect(called()).toEqual(["S0OPS", ADA.id]);
  });

  test("and no more than so many by one message: on-call first", async () => {
    await start({ settings: { onCall: ["S1", "S2"].map(slack), mostCalls: 3 }, owners: async () => [NINA.email, OTTO.email] });
    await announce(incident());
    expect(called()).toEqual(["S1", "S2", ADA.id]);
    expect(headline()).toContain(`Owners: ${NINA.email}, ${OTTO.email}`);
  });

  test("also where the first message does not arrive at first", async () => {
    await start({ settings: { onCall: [slack(NINA.id)] } });
    stage.slack.inject({ kind: "server-error", method: "chat.postMessage", afterEffect: false, times: 2 });
    await announce(incident());
    await announce(incident());
    expect(called()).toEqual([NINA.id, ADA.id]);
  });

  test("and stays called by the text alone, where Slack takes no blocks", async () => {
    // The stage would complain that Slack refused a card.
    await start({ settings: { onCall: [slack(NINA.id)] }, bot: { log: silentLog } });
    stage.slack.inject({ kind: "refusal", method: "chat.postMessage", error: "invalid_blocks", times: 5 });
    await announce(incident());
    expect(stage.slack.messages(CHANNEL)[0]?.versions[0]?.text).toContain(`For <@${NINA.id}>, <@${ADA.id}>.`);
  });
});

test("who is next may stand on a level of the schedule, and is asked for when it is time", async () => {
  const asked: unknown[] = [];
  const next: Callee = { kind: "pagerduty", policy: "PESC", level: 2 };
  await start({
    settings: { escalation: [next] },
    onCall: async (one) => {
      asked.push(one);
      return [{ name: "Otto", email: OTTO.email }];
    },
  });
  await announce(incident());
  expect(asked).toEqual([]);
  const helped = { ok: false, at: NOON, text: "It grows on." };
  const later = incident({ plan: [aStep({ state: "done", at: NOON, helped })] });
  await announce(later);
  await announce(later);
  expect(asked).toEqual([next]);
  expect(called()).toEqual([ADA.id, OTTO.id]);
});

test("names made of Slack's control sequences call nobody", async () => {
  const evil = "<!channel> <@U0NINA> <!subteam^S0ALL|x> @here";
  await start({
    settings: { onCall: [schedule], escalation: [schedule] },
    onCall: async () => [{ name: evil, email: `${evil}@x` }, { name: "<!everyone>" }],
    owners: async () => ["@<!channel>", "<!here>@example.com", "@acme/<@U0NINA>"],
  });
  await stage.store.saveWorkloads("prod", [aState({ annotations: { "k8s-why.dev/owner": "<!channel>,<@U0NINA>" } })]);
  const helped = { ok: false, at: NOON, text: evil };
  const message = `${evil}\n\nbody ${evil}`;
  const author = { name: evil, login: "<!channel>", email: "<!channel>@example.com" };
  await announce(incident({ diagnosis: suspectedOf(author, { message }), plan: [aStep({ state: "done", at: NOON, helped })] }));
  await announce(incident({ diagnosis: suspectedOf({ ...ada, name: evil }, { message }) }));
  expect(called()).toEqual([ADA.id]);
  const texts = stage.slack.messages(CHANNEL).flatMap(({ versions }) => versions.map(({ text }) => text));
  expect(texts.join("\n").replaceAll(`<@${ADA.id}>`, "")).not.toMatch(/<[@!](?!date)/);
});

test("without anybody who decides, everything is told in one channel and calls nobody", async () => {
  await start({ bot: { tell: () => tellAllIn("C0TEAM") } });
  await announce(incident());
  expect(stage.slack.messages("C0TEAM")).toHaveLength(3);
  expect(called()).toEqual([]);
});
