import { ADA, NINA, OTTO, type TellingStage, startTelling } from "./telling-stage.ts";
import { HOUR, MINUTE, NOON, SECOND, aSpike } from "#test/builders.ts";
import { afterEach, expect, it } from "vitest";
import { isMention } from "./telling-stage.ts";

let shop: TellingStage;
afterEach(() => shop[Symbol.asyncDispose]());

const settled = { status: "settled" as const };
const can = { spike: aSpike({ trouble: "rollout-failing", reason: "It fails." }) };
const blue = { suffers: { pools: ["blue"], quotas: [] } };

/** The channel's messages, without their threads. */
const channel = async () => (await shop.read()).filter(({ threadTs }) => threadTs === undefined);

/** So many incidents within some seconds. */
async function burst(count: number, over: Parameters<TellingStage["open"]>[1] = {}, name = "w"): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push(await shop.open(`${name}${index}`, over));
    await shop.pass(SECOND);
  }
  return ids;
}

it("makes one message of many, with what they share and a table, and calls once", async () => {
  shop = await startTelling();
  await burst(12, blue);
  await burst(3, {}, "x");
  await shop.pass(MINUTE);
  const [storm, ...others] = await channel();
  expect(others).toEqual([]);
  expect(storm?.all).toContain("A storm: 15 incidents at once");
  expect(storm?.all).toContain("• 12 of 15 share the node pool `blue`.");
  expect(storm?.text).toContain("12 of 15 share the node pool");
  for (const name of ["shop/w0", "shop/w11", "shop/x2"]) expect(storm?.all).toContain(name);
  expect((await shop.read()).filter(isMention)).toHaveLength(1);
});

it("calls who is on call for any of it, where one channel has several routes", async () => {
  const routes = [{ name: "late", workloads: ["x*"], channel: "C0INCIDENTS", onCall: [OTTO.id] }];
  shop = await startTelling({ routes });
  await burst(5);
  await burst(2, {}, "x");
  await shop.pass(MINUTE);
  expect((await channel())[0]?.posted).toContain(`On call: <!subteam^S0OPS>, <@${OTTO.id}>`);
});

it("is edited in place, and leaves alone what was told before it", async () => {
  shop = await startTelling();
  await shop.open("early");
  await shop.pass(MINUTE);
  const ids = await burst(6);
  await shop.pass(MINUTE);
  const [early, storm, ...others] = await channel();
  expect(others).toEqual([]);
  expect(early?.text).toContain("shop/early");
  expect(storm?.all).not.toContain("shop/early");
  await shop.change(ids[0] ?? "", settled);
  await shop.pass(2 * SECOND);
  const [, edited] = await channel();
  expect(edited?.all).toContain("5 open, 1 settled");
  expect(edited?.ts).toBe(storm?.ts);
  await shop.change("inc-early", { peak: { replicas: 99, nodes: 9 } });
  expect((await channel())[0]?.ts).toBe(early?.ts);
});

it("ends when fewer come: then what is still open is told one by one, in order, and calls nobody again", async () => {
  shop = await startTelling();
  const ids = await burst(7);
  await shop.change(ids[2] ?? "", settled);
  await shop.pass(9 * MINUTE);
  expect(await channel()).toHaveLength(1);
  await shop.pass(2 * MINUTE);
  const [storm, ...told] = await channel();
  expect(storm?.all).toMatch(/The storm is over: 7 incidents in 10 min/);
  expect(told.map(({ text }) => /shop\/(w\d)/.exec(text)?.[1])).toEqual(["w0", "w1", "w3", "w4", "w5", "w6"]);
  expect(told.every(({ posted }) => posted.includes("It came in a storm"))).toBe(true);
  expect((await shop.read()).filter(isMention)).toHaveLength(1);
  // From now on each is told as any other.
  await shop.change(ids[0] ?? "", settled);
  expect((await channel())[1]?.text).toContain("settled");
  // What ended in the storm's table has no message afterwards either, whatever is said of it.
  await shop.change(ids[2] ?? "", { said: [{ suspectId: "s", title: "x", right: true, by: NINA.id, at: NOON }] });
  await shop.pass(MINUTE);
  expect(await channel()).toHaveLength(7);
  await shop.open("next");
  await shop.pass(MINUTE);
  expect(await channel()).toHaveLength(8);
});

it("is brought up to date once for all that changes within two seconds: each time all its incidents are read", async () => {
  shop = await startTelling();
  const ids = await burst(6);
  await shop.pass(MINUTE);
  const before = (await channel())[0]?.versions ?? 0;
  for (const id of ids) await shop.change(id, settled);
  await shop.pass(2 * SECOND);
  const [storm] = await channel();
  expect(storm?.all).toContain("0 open, 6 settled");
  expect(storm?.versions).toBe(before + 1);
});

it("that was never ended lets who comes much later be told with a call, and ends then", async () => {
  shop = await startTelling();
  const incidents = ["inc-a", "inc-b"];
  const storm = { id: "storm-old", startedAt: NOON - 24 * HOUR, incidents, called: [] };
  await shop.store.updateWeather("C0INCIDENTS", () => ({ arrivals: [], storm }));
  await shop.open("web");
  await shop.pass(MINUTE);
  const calls = (await shop.read()).filter(isMention);
  expect(calls.map(({ text }) => /shop\/(\w+)/.exec(text)?.[1])).toEqual(["web"]);
  expect((await shop.store.findWeather("C0INCIDENTS")).storm).toBeUndefined();
});

it("lists what has its own message since in no storm that follows", async () => {
  shop = await startTelling();
  const ids = await burst(6);
  for (const id of ids.slice(0, 2)) await shop.change(id, settled);
  await shop.pass(5 * MINUTE);
  await burst(4, {}, "x");
  await shop.pass(10 * MINUTE - 30 * SECOND);
  const told = (await channel()).length;
  expect((await shop.store.findWeather("C0INCIDENTS")).storm).toBeUndefined();
  await burst(4, {}, "y");
  await shop.pass(10 * SECOND);
  const all = await channel();
  expect(all).toHaveLength(told + 1);
  expect(all.at(-1)?.all).toContain("A storm: 4 incidents at once");
  expect(all.at(-1)?.all).not.toContain("shop/x0");
});

it("goes on as long as others come", async () => {
  shop = await startTelling();
  await burst(6);
  for (let round = 0; round < 5; round += 1) {
    await shop.pass(4 * MINUTE);
    await burst(3, {}, `r${round}-`);
  }
  await shop.pass(2 * SECOND);
  const [storm, ...others] = await channel();
  expect(others).toEqual([]);
  expect(storm?.all).toContain("A storm: 21 incidents at once");
});

it("leaves out what is silenced, and does not tell it when it is over", async () => {
  shop = await startTelling();
  const silence = { from: NOON, until: NOON + 2 * HOUR, by: NINA.id, reason: "Known" };
  await shop.store.saveSilence({ ...silence, pattern: "shop/quiet" });
  await shop.open("quiet");
  await burst(6);
  await shop.store.saveSilence({ ...silence, pattern: "shop/w3" });
  await shop.pass(15 * MINUTE);
  const [storm, ...told] = await channel();
  expect(storm?.all).toContain("6 incidents");
  expect(storm?.all).not.toContain("shop/quiet");
  expect(told.map(({ text }) => /shop\/(\w+)/.exec(text)?.[1])).toEqual(["w0", "w1", "w2", "w4", "w5"]);
  await shop.pass(2 * HOUR);
  expect(await channel()).toHaveLength(8);
});

it("in quiet hours calls nobody for what can wait, and calls in its thread once for the first that cannot", async () => {
  shop = await startTelling({ quietHours: { timeZone: "UTC", from: "22:00", to: "07:00" } }, NOON + 11 * HOUR);
  await burst(6, can);
  await shop.pass(MINUTE);
  expect((await shop.read()).filter(isMention)).toEqual([]);
  await burst(2, {}, "away");
  await shop.pass(MINUTE);
  const calls = (await shop.read()).filter(isMention);
  expect(calls.map(({ text }) => text)).toEqual(["<!subteam^S0OPS>: this cannot wait any more: shop/away0, shop/away1."]);
  expect(calls[0]?.threadTs).toBe((await channel())[0]?.ts);
});

it("calls nobody for what has settled already, nor in its thread", async () => {
  shop = await startTelling();
  await burst(6, settled);
  await shop.pass(MINUTE);
  expect((await channel())[0]?.all).toContain("0 open, 6 settled");
  expect((await shop.read()).filter(isMention)).toEqual([]);
  await shop[Symbol.asyncDispose]();

  shop = await startTelling({ quietHours: { timeZone: "UTC", from: "22:00", to: "07:00" } }, NOON + 11 * HOUR);
  await burst(6, can);
  await shop.open("away", settled);
  await shop.pass(MINUTE);
  expect((await channel())[0]?.all).toContain("6 open, 1 settled");
  expect((await shop.read()).filter(isMention)).toEqual([]);
});

it("names nobody any more once all of it has settled: Slack may post it only then", async () => {
  shop = await startTelling();
  const ids = await burst(6);
  await shop.pass(MINUTE);
  expect((await channel())[0]?.all).toContain("On call");
  for (const id of ids) await shop.change(id, settled);
  await shop.pass(2 * SECOND);
  expect((await channel())[0]?.all).toContain("0 open, 6 settled");
  expect((await channel())[0]?.all).not.toContain("On call");
});

it("says nothing in its thread where nobody is on call", async () => {
  shop = await startTelling({ onCall: [] });
  await burst(7);
  await shop.pass(MINUTE);
  expect(await shop.read()).toHaveLength(1);
});

it("tells each follower once of the storm, and of the rest when it has its own message", async () => {
  shop = await startTelling();
  await shop.store.saveFollower({ user: ADA.id, patterns: ["shop/w1", "shop/late"] });
  await shop.store.saveFollower({ user: OTTO.id, patterns: ["shop/other"] });
  await burst(6);
  await shop.pass(10 * SECOND);
  await shop.open("late");
  await shop.pass(MINUTE);
  const [first, ...more] = await shop.read(ADA.id);
  expect(more).toEqual([]);
  expect(first?.text).toBe("A storm: 6 incidents at once; you follow 1 of them.");
  expect(first?.all).toContain(`/p${(await channel())[0]?.ts.replace(".", "")}|To the thread>`);
  await shop.pass(15 * MINUTE);
  expect((await shop.read(ADA.id)).map(({ text }) => /shop\/(\w+)/.exec(text)?.[1] ?? "storm")).toEqual(["storm", "late"]);
  await shop.change("inc-w1", settled);
  expect((await shop.read(ADA.id)).at(-1)?.text).toContain("settled");
  expect(await shop.read(OTTO.id)).toEqual([]);
});

it("tells who heard of it in a storm of an end that comes within the storm, once", async () => {
  shop = await startTelling();
  await shop.store.saveFollower({ user: ADA.id, patterns: ["shop/w1", "shop/late"] });
  await burst(6);
  await shop.pass(MINUTE);
  await shop.open("late", settled);
  await shop.change("inc-w1", settled);
  await shop.pass(20 * MINUTE);
  await shop.change("inc-w1", { peak: { replicas: 99, nodes: 9 } });
  const texts = (await shop.read(ADA.id)).map(({ text }) => text);
  expect(texts).toEqual([expect.stringContaining("A storm"), expect.stringMatching(/shop\/w1.*settled/)]);
});

it.each([1, 2, 3, 4, 7, 8, 12])("goes on after a crash after %i writes, without telling anything twice", async (writes) => {
  shop = await startTelling();
  const ids = await burst(6);
  await shop.pass(9 * MINUTE);
  const { storm } = await shop.store.findWeather("C0INCIDENTS");
  shop.crashAfter(writes);
  await expect(shop.pass(5 * MINUTE)).rejects.toThrow("killed");
  await shop.pass(5 * MINUTE);
  const told = (await channel()).slice(1);
  expect(storm?.incidents).toEqual(ids);
  expect(new Set((await shop.read()).map(({ text, threadTs }) => `${threadTs} ${text}`)).size).toBe((await shop.read()).length);
  expect(told.map(({ text }) => /shop\/(w\d)/.exec(text)?.[1])).toEqual(["w0", "w1", "w2", "w3", "w4", "w5"]);
});
