import { expect, test } from "vitest";
import { DAY, HOUR, NOON, aState, shopWebKey } from "#test/builders.ts";
import type { ExpectRequest } from "#domain/ports/slack.ts";
import type { Expectation } from "#domain/expectation.ts";
import { createExpect } from "#workflow/expect.ts";

function stage() {
  const saved = new Map<string, Expectation>();
  const ask = createExpect({
    verbs: {
      workloads: async () => [aState()],
      usualOf: async () => 30,
      saveExpectation: async (_cluster, expectation) => void saved.set(expectation.workload, expectation),
      forgetExpectation: async (_cluster, key) => saved.delete(key),
      expectations: async () => [...saved.values()],
      audit: async () => {},
    },
    cluster: "prod",
    now: () => NOON,
  });
  return {
    saved,
    ask: (over: Partial<ExpectRequest>) => ask({ workload: "web", what: until(5 * HOUR), user: "U0NINA", ...over }),
  };
}
const until = (ms: number, times?: number) => ({ kind: "until" as const, until: NOON + ms, times });

test("it is kept with who said it; without a number it is four times", async () => {
  const { ask, saved } = stage();
  expect(await ask({})).toMatchObject({ kind: "set", usual: 30 });
  expect(saved.get(shopWebKey)).toEqual({ workload: shopWebKey, times: 4, at: NOON, until: NOON + 5 * HOUR, by: "U0NINA" });
});

test("off takes it back", async () => {
  const { ask, saved } = stage();
  await ask({});
  expect(await ask({ what: { kind: "off" } })).toEqual({ kind: "off", workload: shopWebKey, was: true });
  expect(await ask({ what: { kind: "off" } })).toMatchObject({ was: false });
  expect(saved.size).toBe(0);
});

test.each<[string, Partial<ExpectRequest>, RegExp]>([
  ["the past", { what: until(-1) }, /has passed already/],
  ["more than two weeks", { what: until(15 * DAY) }, /14 days at most/],
  ["once its usual", { what: until(HOUR, 1) }, /above 1/],
  ["no number", { what: until(HOUR, Number.NaN) }, /above 1/],
])("%s is refused in a sentence", async (_name, over, text) => {
  const { ask, saved } = stage();
  expect(await ask(over)).toEqual({ kind: "refused", text: expect.stringMatching(text) as string });
  expect(saved.size).toBe(0);
});

test("an unknown workload gets similar names", async () => {
  expect(await stage().ask({ workload: "admin/web" })).toEqual({ kind: "unknown", similar: ["shop/web"] });
});
