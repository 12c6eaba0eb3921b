import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { editsBetween } from "#analysis/edits.ts";
import { readName } from "#analysis/names.ts";
import { namesInText } from "#analysis/names-in-text.ts";

const keys = [
  "prod/shop/web",
  "prod/shop/web-admin",
  "prod/shop/basket",
  "prod/pay/ledger-writer",
  "prod/pay/gateway",
  "prod/edge/gateway",
  "test/shop/basket",
];
const found = (key: string, guessed = false) => ({ kind: "found", key, guessed });

describe("the workload that a person means", () => {
  test.each([
    ["prod/shop/web", "prod/shop/web"],
    ["shop/web", "prod/shop/web"],
    ["web", "prod/shop/web"],
    ["WEB", "prod/shop/web"],
    ["prod/web", "prod/shop/web"],
    ["deploy/web", "prod/shop/web"],
    ["pay/gateway", "prod/pay/gateway"],
    ["test/basket", "test/shop/basket"],
  ])("%s, written out", (asked, key) => expect(readName(keys, asked)).toEqual(found(key)));

  test.each([
    ["ledg", "prod/pay/ledger-writer"],
    ["writer", "prod/pay/ledger-writer"],
    ["wbe", "prod/shop/web"],
    ["ledger-wirter", "prod/pay/ledger-writer"],
    ["ed/gateway", "prod/edge/gateway"],
    ["sohp/web-admin", "prod/shop/web-admin"],
  ])("%s, guessed", (asked, key) => expect(readName(keys, asked)).toEqual(found(key, true)));

  test("what begins so comes before what holds it somewhere", () =>
    expect(readName(["prod/shop/old-search", "prod/shop/search-api"], "search")).toEqual(found("prod/shop/search-api", true)));

  test("several that fit are not guessed between", () => {
    expect(readName(keys, "gateway")).toEqual({ kind: "several", keys: ["prod/edge/gateway", "prod/pay/gateway"] });
    expect(readName(keys, "bas")).toEqual({ kind: "several", keys: ["prod/shop/basket", "test/shop/basket"] });
    expect(readName(keys, "gatewya")).toMatchObject({ kind: "several" });
  });

  test("what fits nothing gets names that look alike, five at most, or none", () => {
    expect(readName(keys, "admin/web")).toMatchObject({ kind: "unknown", keys: expect.arrayContaining(["prod/shop/web"]) });
    expect(readName(keys, "gatehouse")).toEqual({ kind: "unknown", keys: ["prod/edge/gateway", "prod/pay/gateway"] });
    expect(readName(keys, "zz")).toEqual({ kind: "unknown", keys: [] });
    const many = Array.from({ length: 30 }, (_, index) => `prod/shop/worker-${index}`);
    expect(readName(many, "workhorse")).toMatchObject({ kind: "unknown", keys: { length: 5 } });
  });

  test.each(["", "/", " / / ", "///"])("%j names nothing", (asked) =>
    expect(readName(keys, asked)).toEqual({ kind: "unknown", keys: [] }),
  );

  test("of ten thousand that resemble it five are named", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `prod/shop/${"worker-".repeat(8)}${index}`);
    const before = process.cpuUsage();
    expect(readName(many, "wroker-".repeat(57))).toEqual({ kind: "unknown", keys: [] });
    expect(readName(many, `${"worker-".repeat(8)}9`)).toMatchObject({ kind: "found", key: many[9] });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
  });
});

describe("edits between two words", () => {
  test.each([
    ["web", "web", 0],
    ["wbe", "web", 1],
    ["we", "web", 1],
    ["webb", "web", 1],
    ["wob", "web", 1],
    ["", "web", 3],
    ["ca", "abc", 3],
  ])("%s and %s: %i", (left, right, edits) => expect(editsBetween(left, right)).toBe(edits));

  test("more than the most that counts is none", () => {
    const word = string({ maxLength: 12, unit: "grapheme-ascii" });
    assert(
      property(word, word, (left, right) => {
        const edits = editsBetween(left, right);
        for (const most of [0, 1, 2, 4]) expect(editsBetween(left, right, most)).toBe(edits > most ? Infinity : edits);
      }),
    );
    expect(editsBetween("ledger-writer", "ledgre-wirter", 2)).toBe(2);
  });

  test("the same both ways, and none only for the same word", () => {
    const word = string({ maxLength: 12 });
    assert(
      property(word, word, (left, right) => {
        expect(editsBetween(left, right)).toBe(editsBetween(right, left));
        expect(editsBetween(left, right) === 0).toBe(left === right);
      }),
    );
  });
});

describe("workloads that a text names", () => {
  test.each([
    ["[FIRING:1] KubeHpaMaxedOut namespace=shop deployment=web severity=warning", ["prod/shop/web"]],
    ["CPU of shop/basket is high", ["prod/shop/basket", "test/shop/basket"]],
    ["test/shop/basket", ["test/shop/basket"]],
    ["Pod gateway-7d9f8c6b5-x2x4z in edge crashes", ["prod/edge/gateway"]],
    ["pod:ledger-writer-0 restarted", ["prod/pay/ledger-writer"]],
    ["*web-admin*: latency p99 > 2s", ["prod/shop/web-admin"]],
    ["gateway is down", ["prod/edge/gateway", "prod/pay/gateway"]],
    ["Cobwebs everywhere, ledger", []],
    ["", []],
  ])("%s", (text, named) => expect(namesInText(keys, text)).toEqual(named));

  test("a text of a million characters is read to its limit, in no time", () => {
    const before = process.cpuUsage();
    expect(namesInText(keys, "a-".repeat(500_000))).toEqual([]);
    expect(namesInText(keys, "-".repeat(500_000))).toEqual([]);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });
});
