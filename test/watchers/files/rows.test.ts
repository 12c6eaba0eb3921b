import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE, NOON } from "#test/builders.ts";
import { createChangeReader } from "#watchers/files/changes.ts";
import { createIncidentReader } from "#watchers/files/incidents.ts";

const at = new Date(NOON).toISOString();

function read(row: object, reader = createChangeReader()) {
  return reader(JSON.stringify(row));
}

describe("a change a line", () => {
  test("a push becomes a landing that keeps its id, with diffs", () => {
    const row = {
      kind: "push",
      id: "1f0c9a77be21",
      at,
      repository: "shop",
      author: "ada",
      isRevert: false,
      message: "Retry prices (#7)",
      files: [{ path: "b.ts", additions: 3, deletions: null, patch: "@@ -1 +1 @@\n-a\n+b" }, { path: "a.ts" }],
      filesTotal: 200,
    };
    expect(read(row)).toEqual({
      kind: "row",
      unknownFields: [],
      value: {
        kind: "landing",
        id: "1f0c9a77be21",
        at: NOON,
        repository: "shop",
        branch: "main",
        sha: "1f0c9a77be21",
        author: { name: "ada" },
        message: "Retry prices (#7)",
        pullRequest: 7,
        files: [{ path: "a.ts" }, { path: "b.ts", additions: 3, patch: "@@ -1 +1 @@\n-a\n+b" }],
        filesTotal: 200,
        url: "",
      },
    });
  });

  test("a rollout knows what ran before it, and a commit range in each of its ways", () => {
    const reader = createChangeReader();
    read({ kind: "rollout", id: "r1", at, workload: "shop/cart", images: ["registry/cart:1"] }, reader);
    for (const commitRange of [
      "1111111...2222222",
      "1111111..2222222",
      ["1111111", "2222222"],
      { base: "1111111", head: "2222222" },
    ])
      expect(
        read(
          { kind: "rollout", id: "r2", at, workload: "shop/cart", images: [{ container: "a", image: "b" }], commitRange },
          reader,
        ),
      ).toMatchObject({
        value: {
          workload: "default/shop/cart",
          commit: { sha: "2222222" },
          previousCommit: { sha: "1111111" },
          previous: { revision: expect.any(Number) as number },
        },
      });
    expect(read({ kind: "rollout", id: "r3", at, workload: "shop/cart", commitRange: "HEAD" })).toMatchObject({
      kind: "bad",
      reason: expect.stringContaining('"commitRange": expected "base...head"') as string,
    });
  });

  test("configuration, flags and scalings", () => {
    expect(
      read({ kind: "config", id: "c", at, name: "cart", namespace: "shop", keys: ["b", "a"], workloads: ["shop/cart"] }),
    ).toMatchObject({
      value: {
        kind: "config-edit",
        object: "ConfigMap",
        cluster: "default",
        keys: ["a", "b"],
        usedBy: ["default/shop/cart"],
        what: "edited",
      },
    });
    expect(read({ kind: "config", id: "c", at, title: "CDN rules" })).toMatchObject({
      value: { kind: "reported", what: "config", title: "CDN rules" },
    });
    expect(read({ kind: "flag", id: "f", at, name: "new-prices", by: "ada", more: 1 })).toMatchObject({
      value: { kind: "reported", what: "flag", title: "new-prices", by: "ada" },
      unknownFields: ["more"],
    });
    expect(read({ kind: "scaling", id: "s", at, workload: "eu/shop/cart", from: 3, to: 9 })).toMatchObject({
      value: { kind: "scaling", workload: "eu/shop/cart", from: 3, to: 9 },
    });
    expect(read({ kind: "scaling", id: "s", at, workload: "cart", from: 3, to: 9 })).toMatchObject({ kind: "bad" });
  });

  test("whatever a line holds, it is a row or has a reason", () => {
    const reader = createChangeReader();
    const kind = fc.constantFrom("push", "rollout", "config", "flag", "scaling", "__proto__", "constructor", 7, null);
    const field = fc.constantFrom(
      "files",
      "author",
      "message",
      "images",
      "workload",
      "commitRange",
      "keys",
      "workloads",
      "title",
      "paths",
    );
    const remarkOn = (text: string) => {
      const row = reader(text);
      return row.kind === "bad" ? row.reason : "fine";
    };
    const property = fc.property(kind, fc.dictionary(field, fc.jsonValue()), fc.string(), (kind, fields, junk) =>
      [JSON.stringify({ ...fields, kind, id: "a", at }), junk, JSON.stringify(fields)].every((text) =>
        /[^.\s]$/.test(remarkOn(text)),
      ),
    );
    expect(fc.check(property)).toMatchObject({ failed: false });
  });
});

describe("an incident a line", () => {
  const row = {
    id: "shop/1",
    startedAt: at,
    serviceDirectory: "services/cart",
    symptom: " slow ",
    culprit: "secret",
    lagMinutes: 7,
    revert: "abc",
    signals: {
      requests: { before: [10, 11], after: [[at, 30]] },
      latency: { before: [], after: [{ at, value: 0.4 }] },
    },
  };

  test("gives what was known, and of the fields that could hold an answer only those that are named", () => {
    const named = createIncidentReader({ service: "serviceDirectory", symptom: "symptom" })(JSON.stringify(row));
    expect(named).toEqual({
      kind: "row",
      unknownFields: [],
      value: {
        id: "shop/1",
        startedAt: NOON,
        leaveOut: "abc",
        service: "services/cart",
        symptom: "slow",
        signals: {
          requests: {
            before: [
              { at: NOON - 2 * MINUTE, value: 10 },
              { at: NOON - MINUTE, value: 11 },
            ],
            after: [{ at: NOON, value: 30 }],
          },
          latency: { before: [], after: [{ at: NOON, value: 0.4 }] },
        },
      },
    });
    const bare = createIncidentReader({})(JSON.stringify({ ...row, signals: null, colour: 1 }));
    expect(bare).toEqual({ kind: "row", unknownFields: ["colour"], value: { id: "shop/1", startedAt: NOON, leaveOut: "abc" } });
  });

  test("says what it wants where a named field holds something else", () => {
    const reader = createIncidentReader({ service: "serviceDirectory" });
    expect(reader(JSON.stringify({ ...row, serviceDirectory: 7 }))).toEqual({
      kind: "bad",
      reason: '"serviceDirectory": expected text or null',
    });
    expect(reader(JSON.stringify({ ...row, serviceDirectory: null }))).toMatchObject({ kind: "row" });
    expect(reader(JSON.stringify({ ...row, startedAt: "2026-03-02 12:00" }))).toMatchObject({ kind: "bad" });
  });
});
