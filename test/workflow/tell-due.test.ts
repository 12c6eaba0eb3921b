import { ADA, GONE, NINA, OTTO, type TellingStage, isMention, startTelling } from "./telling-stage.ts";
import { HOUR, MINUTE, NOON, SECOND, aSituation, aSpike, anIncident } from "#test/builders.ts";
import { afterEach, describe, expect, it } from "vitest";

let shop: TellingStage;
afterEach(() => shop[Symbol.asyncDispose]());

const can = { spike: aSpike({ trouble: "rollout-failing", reason: "It fails." }) };
const settled = { status: "settled" as const };
const nightly = { quietHours: { timeZone: "UTC", from: "22:00", to: "07:00" } };
const headlines = async () => (await shop.read()).filter(({ threadTs }) => threadTs === undefined);
const named = (messages: readonly { readonly text: string }[]) =>
  messages.map(({ text }) => /(?:shop\/)([\w-]+)/.exec(text)?.[1] ?? text);

describe("an incident", () => {
  it("alone is told after a short wait for others, and calls who is on call", async () => {
    shop = await startTelling();
    await shop.open("web");
    expect(await headlines()).toEqual([]);
    await shop.pass(20 * SECOND);
    const [headline, ...others] = await headlines();
    expect(others).toEqual([]);
    expect(headline?.posted).toContain("<!subteam^S0OPS>");
  });

  it("that is bad and comes alone is told at once; one that follows it waits", async () => {
    shop = await startTelling();
    const bad = { now: aSituation({ desired: 200 }) };
    await shop.open("web", bad);
    expect(named(await headlines())).toEqual(["web"]);
    await shop.pass(SECOND);
    await shop.open("api", bad);
    expect(named(await headlines())).toEqual(["web"]);
    await shop.pass(20 * SECOND);
    expect(named(await headlines())).toEqual(["web", "api"]);
  });

  it("that becomes bad while it waits is told then", async () => {
    shop = await startTelling();
    const id = await shop.open("web");
    await shop.pass(5 * SECOND);
    await shop.change(id, { now: aSituation({ desired: 200 }) });
    expect(named(await headlines())).toEqual(["web"]);
  });

  it("that an older version of us has told is edited, and is no part of a storm", async () => {
    shop = await startTelling();
    const told = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => shop.stage.tell(anIncident({ id: `inc-${name}` })))); // prettier-ignore
    for (const name of ["a", "b", "c", "d", "e", "f"]) await shop.open(name);
    const now = await headlines();
    expect(now.map(({ ts }) => ts)).toEqual(told.map(({ ts }) => ts).toSorted());
    expect(named(now).toSorted()).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  it("is told at once where storms are turned off", async () => {
    shop = await startTelling({ storm: { incidents: 0 } });
    for (let index = 0; index < 8; index += 1) await shop.open(`w${index}`);
    expect(named(await headlines())).toEqual(Array.from({ length: 8 }, (_, index) => `w${index}`));
  });
});

describe("quiet hours", () => {
  const slack = { ...nightly, storm: { incidents: 0 } };
  const night = NOON + 11 * HOUR;

  it("call nobody for what can wait, and say so", async () => {
    shop = await startTelling(slack, night);
    await shop.open("web", can);
    const [headline] = await headlines();
    expect(headline?.posted).toContain("In quiet hours: nobody was called for it.");
    expect(headline?.posted).not.toContain("S0OPS");
  });

  it("call for a runaway, also for one that joins what had called nobody", async () => {
    shop = await startTelling(slack, night);
    await shop.open("away");
    expect((await headlines())[0]?.posted).toContain("S0OPS");
    const id = await shop.open("web", can);
    const spike = aSpike({ detectedAt: night + HOUR });
    await shop.change(id, { spike, also: [{ ...can.spike, detectedAt: night }] });
    const replies = (await shop.read()).filter(({ threadTs, posted }) => threadTs !== undefined && posted.includes("S0OPS"));
    expect(replies.map(({ posted }) => posted)).toEqual([expect.stringContaining("And now also")]);
  });

  it("call once more when what had called nobody has no pod left", async () => {
    shop = await startTelling(slack, night);
    const id = await shop.open("web", can);
    const { now } = (await shop.store.findIncident(id)) ?? anIncident();
    await shop.change(id, { now: { ...now, ready: 0 } });
    await shop.change(id, { now: { ...now, ready: 0, nodes: 3 } });
    const replies = (await shop.read()).filter(({ threadTs, posted }) => threadTs !== undefined && posted.includes("S0OPS"));
    expect(replies.map(({ text }) => text)).toEqual(["<!subteam^S0OPS> This cannot wait any more."]);
  });

  it("call nobody by a reply either, and by day they do", async () => {
    shop = await startTelling(slack, night);
    const id = await shop.open("web", can);
    const helped = { ok: false, at: night, text: "It came back." };
    const act = (kind: "pause" | "cordon") => ({ id: kind, kind, state: "done" as const, at: night, summary: "", helped });
    await shop.change(id, { plan: [act("pause")] });
    await shop.pass(8 * HOUR);
    await shop.change(id, { plan: [act("pause"), act("cordon")] });
    const replies = (await shop.read()).filter(({ text }) => text.includes("has not helped"));
    expect(replies.map(({ text }) => text.includes("S0OPS"))).toEqual([false, true]);
  });
});

describe("what has settled before it could be told", () => {
  it("is told, and calls nobody, neither by its headline nor by its replies", async () => {
    shop = await startTelling({ storm: { incidents: 0 }, escalation: [OTTO.id] });
    const helped = { ok: false, at: NOON, text: "It came back." };
    const plan = [{ id: "pause", kind: "pause" as const, state: "done" as const, at: NOON, summary: "", helped }];
    const also = [{ ...can.spike, detectedAt: NOON }];
    await shop.open("web", { ...settled, settledAt: NOON, spike: aSpike({ detectedAt: NOON + MINUTE }), also, plan });
    const all = await shop.read();
    expect(all.map(({ text }) => text).join("\n")).toMatch(/settled[^]*And now also[^]*has not helped/);
    expect(all.filter((one) => isMention(one) || one.posted.includes(OTTO.id))).toEqual([]);
  });

  it("calls nobody any more because it could not wait", async () => {
    shop = await startTelling({ ...nightly, storm: { incidents: 0 } }, NOON + 11 * HOUR);
    const id = await shop.open("web", can);
    const { now } = (await shop.store.findIncident(id)) ?? anIncident();
    await shop.change(id, { ...settled, now: { ...now, ready: 0 } });
    expect((await shop.read()).filter(isMention)).toEqual([]);
  });
});

describe("a silence", () => {
  const silence = (until: number) => ({ pattern: "shop/web*", from: NOON, until, by: NINA.id, byName: "Nina <!here> Abel", reason: "A <!channel> load test" }); // prettier-ignore

  it("lets nobody be told, also no follower; when it ends, what is still open is told, and by whom it was silenced", async () => {
    shop = await startTelling({ storm: { incidents: 0 } });
    await shop.store.saveSilence(silence(NOON + HOUR));
    await shop.store.saveFollower({ user: ADA.id, patterns: ["*"] });
    await shop.open("web");
    const gone = await shop.open("web-2");
    await shop.open("api");
    expect(named(await headlines())).toEqual(["api"]);
    expect(await shop.store.openIncidents()).toHaveLength(3);

    await shop.change(gone, settled);
    await shop.pass(HOUR - SECOND);
    expect(await headlines()).toHaveLength(1);
    await shop.pass(2 * SECOND);
    const [, told, ...more] = await headlines();
    expect(more).toEqual([]);
    expect(told?.text).toContain("shop/web runs");
    // Who silenced it is named, and not called.
    expect(told?.posted).toContain("by Nina &lt;!here&gt; Abel: A &lt;!channel&gt; load test");
    expect(told?.posted).not.toContain(NINA.id);
    expect(told?.posted).toContain("S0OPS");
    await shop.pass(HOUR);
    expect(named(await shop.read(ADA.id))).toEqual(["api", "web"]);
  });

  it("of what was told already calls nobody by a reply", async () => {
    shop = await startTelling({ storm: { incidents: 0 }, escalation: [OTTO.id] });
    const helped = { ok: false, at: NOON, text: "It came back." };
    const plan = [{ id: "pause", kind: "pause" as const, state: "done" as const, at: NOON, summary: "", helped }];
    const id = await shop.open("web", can);
    await shop.open("api", { ...can, plan });
    await shop.store.saveSilence(silence(NOON + HOUR));
    await shop.change(id, { plan });
    const replies = (await shop.read()).filter(({ text }) => text.includes("has not helped"));
    expect(replies.map(({ text }) => text.includes(OTTO.id))).toEqual([true, false]);
  });
});

describe("who follows a workload", () => {
  it("gets one message when it opens, with the way to the thread, and one when it settles", async () => {
    shop = await startTelling({ storm: { incidents: 0 } });
    await shop.store.saveFollower({ user: ADA.id, patterns: ["shop/web"] });
    await shop.store.saveFollower({ user: NINA.id, patterns: ["shop/api"] });
    const id = await shop.open("web");
    await shop.change(id, { peak: { replicas: 100, nodes: 20 } });
    await shop.pass(MINUTE);
    const [headline] = await headlines();
    const [opened, ...more] = await shop.read(ADA.id);
    expect(more).toEqual([]);
    expect(opened?.all).toContain(`/p${headline?.ts.replace(".", "")}|To the thread>`);
    expect(opened?.text).toContain("shop/web runs");

    await shop.change(id, settled);
    await shop.change(id, { ...settled, peak: { replicas: 101, nodes: 20 } });
    expect((await shop.read(ADA.id)).map(({ text }) => text.includes("settled"))).toEqual([false, true]);
    expect(await shop.read(NINA.id)).toEqual([]);
  });

  it.each([
    ["fails", { kind: "server-error", afterEffect: false }],
    ["is slow", { kind: "delay", ms: 30_000 }],
  ] as const)("hears of it also while the look-up of who people are %s", async (_what, fault) => {
    shop = await startTelling({ storm: { incidents: 0 } });
    await shop.store.saveFollower({ user: NINA.id, patterns: ["shop/web"] });
    const id = await shop.open("web");
    shop.stage.slack.inject({ ...fault, method: "users.info" });
    const began = performance.now();
    await shop.pass(5 * SECOND);
    await shop.change(id, settled);
    expect(await shop.read(NINA.id)).toHaveLength(2);
    // Each of the two looks would take as long as Slack may take for an answer: 8 s.
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it("is not told of the end of what they did not hear of", async () => {
    shop = await startTelling({ storm: { incidents: 0 } });
    const id = await shop.open("web");
    await shop.store.saveFollower({ user: ADA.id, patterns: ["shop/web"] });
    await shop.change(id, settled);
    expect(await shop.read(ADA.id)).toEqual([]);
  });

  it("gets one digest at the end of their quiet hours, of what is still of interest", async () => {
    shop = await startTelling({ storm: { incidents: 0 }, quietHours: { timeZone: "UTC", from: "11:00", to: "18:00" } });
    const quiet = { timeZone: "Europe/Berlin", from: 13 * 60, to: 15 * 60, days: [0, 1, 2, 3, 4, 5, 6] };
    await shop.store.saveFollower({ user: ADA.id, patterns: ["shop/*"], quiet });
    await shop.store.saveFollower({ user: OTTO.id, patterns: ["shop/*"], quiet: "off" });
    await shop.store.saveFollower({ user: NINA.id, patterns: ["shop/*"] });
    await shop.open("web");
    const gone = await shop.open("api");
    await shop.pass(5 * SECOND);
    await shop.change(gone, settled);
    expect([await shop.read(ADA.id), await shop.read(NINA.id)]).toEqual([[], []]);
    expect(named(await shop.read(OTTO.id)).toSorted()).toEqual(["api", "api", "web"]);

    // 15:00 in Berlin is 14:00 UTC; the channel's own quiet hours end at 18:00.
    await shop.pass(2 * HOUR);
    const [digest, ...more] = await shop.read(ADA.id);
    expect(more).toEqual([]);
    expect(digest?.text).toBe("While it was quiet: 1 incident open, 0 settled.");
    expect(digest?.all).toMatch(/shop\/web runs.*\|To the thread>/);
    expect(digest?.all).not.toContain("api");
    expect(await shop.read(NINA.id)).toEqual([]);

    await shop.change("inc-web", settled);
    expect(await shop.read(ADA.id)).toHaveLength(2);
    await shop.pass(4 * HOUR);
    // Nothing that she has not heard of is open any more.
    expect(await shop.read(NINA.id)).toEqual([]);
    await shop.pass(48 * HOUR);
    expect(await shop.read(ADA.id)).toHaveLength(2);
  });

  it("and has left, follows nothing any more", async () => {
    shop = await startTelling({ storm: { incidents: 0 } });
    await shop.store.saveFollower({ user: GONE.id, patterns: ["*"] });
    await shop.open("web");
    await shop.pass(5 * SECOND);
    expect(await shop.read(GONE.id)).toEqual([]);
    expect(await shop.store.followers()).toEqual([]);
  });
});
