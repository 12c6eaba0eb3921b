import { describe, expect, onTestFinished, test } from "vitest";
import { startHttp } from "#app/http.ts";
import { silentLog } from "#lib/log.ts";
import type { Told } from "#watchers/changes/parse.ts";
import { createChangesReceiver } from "#watchers/changes/receive.ts";
import { DAY, NOON, SECOND } from "#test/builders.ts";

const flag = { id: "flag-1", what: "flag", title: "Turned new-checkout on", workloads: ["shop/web"] };

interface Door {
  readonly token?: string;
  readonly fail?: boolean;
}

async function open({ token = "s3cret", fail = false }: Door = {}) {
  const told: Told[] = [];
  let now = NOON;
  const receiver = createChangesReceiver({
    token: token || undefined,
    cluster: "prod",
    now: () => now,
    accept: async (changes) => {
      if (fail) throw new Error("Redis is away");
      told.push(...changes);
    },
  });
  const http = await startHttp({ port: 0, log: silentLog, posts: { "/changes": receiver }, gets: {}, listeners: {} });
  onTestFinished(() => http[Symbol.asyncDispose]());
  const post = async (body: unknown, authorization = "Bearer s3cret") => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(`http://127.0.0.1:${http.port}/changes`, {
      method: "POST",
      headers: { authorization },
      body: text,
    });
    return { status: response.status, text: (await response.text()).trim() };
  };
  return { told, post, wait: (ms: number) => (now += ms) };
}

describe("POST /changes", () => {
  test("takes a flag, with the cluster's name and the time filled in", async () => {
    const { post, told } = await open();
    expect(await post(flag)).toEqual({ status: 202, text: "Accepted: 1 change." });
    expect(told.map(({ change }) => change)).toEqual([
      {
        kind: "reported",
        id: "reported/flag-1",
        at: NOON,
        what: "flag",
        title: "Turned new-checkout on",
        workloads: ["prod/shop/web"],
        paths: [],
      },
    ]);
  });

  test("takes all fields, in a batch, alone or wrapped", async () => {
    const { post, told } = await open();
    const full = {
      id: "run/42",
      what: "migration",
      title: "Ran\n0042_orders  on\u0007 the database",
      at: "2026-03-02T12:55:00+01:00",
      by: "ci",
      url: "https://ci.example/runs/42",
      workloads: ["prod/shop/web"],
      repository: "acme/shop",
      paths: ["./services/web/", "/db/"],
    };
    expect((await post([full, flag])).text).toBe("Accepted: 2 changes.");
    expect((await post({ changes: [full] })).status).toBe(202);
    expect(told[0]?.change).toEqual({
      ...full,
      kind: "reported",
      id: "reported/run/42",
      title: "Ran 0042_orders on the database",
      at: NOON - 300 * SECOND,
      paths: ["services/web/", "db/"],
    });
  });

  test("gives what is sent twice the same id, also when time went by", async () => {
    const { post, told, wait } = await open();
    await post(flag);
    wait(SECOND);
    await post(flag);
    await post({ ...flag, title: "Turned new-checkout off" });
    const [first, second, third] = told;
    expect(second?.id).toBe(first?.id);
    expect(third?.id).not.toBe(first?.id);
    expect(new Set(told.map(({ change }) => change.id)).size).toBe(1);
  });

  test("takes 500 at once, and not one more", async () => {
    const { post, told } = await open();
    const many = Array.from({ length: 501 }, (_, index) => ({ ...flag, id: `flag-${index}` }));
    expect((await post(many)).text).toBe("changes: must hold at most 500 changes.");
    expect((await post(many.slice(1))).status).toBe(202);
    expect(told).toHaveLength(500);
  });

  test.each([
    ["", "The body is no JSON."],
    ["{", "The body is no JSON."],
    ["null", "changes[0]: Invalid input: expected object, received null."],
    [{ ...flag, title: 5 }, "changes[0].title: Invalid input: expected string, received number."],
    ["[]", "changes: must hold at least one change."],
    [{}, "changes[0].id is missing.\nchanges[0].title is missing."],
    [{ ...flag, titel: "x" }, 'changes[0]: unknown field "titel".'],
    [{ ...flag, __proto__x: 1 }, 'changes[0]: unknown field "__proto__x".'],
    [[flag, { ...flag, what: "oops" }], 'changes[1].what: must be "flag", "migration", "config", "deployment", "ci" or "other".'],
    [{ ...flag, title: " \n\u0000 " }, "changes[0].title: must not be empty."],
    [{ ...flag, title: "x".repeat(301) }, "changes[0].title: must be at most 300 characters."],
    [{ ...flag, workloads: ["web"] }, 'changes[0].workloads[0]: must be written "namespace/name" or "cluster/namespace/name".'],
    [
      { ...flag, workloads: ["../../x"] },
      'changes[0].workloads[0]: must be written "namespace/name" or "cluster/namespace/name".',
    ],
    [{ ...flag, url: "javascript:alert(1)" }, "changes[0].url: must be a link that starts with http:// or https://."],
    [{ ...flag, repository: "shop" }, 'changes[0].repository: must be written "owner/name".'],
    [
      { ...flag, at: "yesterday" },
      'changes[0].at: must be a time with its zone, such as "2026-03-02T12:00:00Z", or milliseconds since 1970.',
    ],
    [{ ...flag, at: NOON + DAY }, "changes[0].at: lies in the future; it is 2026-03-02T12:00:00.000Z here."],
    [{ ...flag, at: NOON / 1_000 }, "changes[0].at: is older than 30 days; if it is a number, it must be in milliseconds."],
  ])("%j is refused with a sentence", async (body, text) => {
    const { post, told } = await open();
    expect(await post(body)).toEqual({ status: 400, text });
    expect(told).toEqual([]);
  });

  test("is closed to whoever does not have the token", async () => {
    const { post } = await open();
    for (const authorization of ["", "s3cret", "Bearer wrong", "Basic s3cret"])
      expect((await post(flag, authorization)).status).toBe(401);
    const closed = await open({ token: "" });
    expect((await closed.post(flag)).status).toBe(404);
  });

  test("says when it cannot keep it, and when it is too much", async () => {
    const { post } = await open({ fail: true });
    expect((await post(flag)).status).toBe(503);
    expect((await post(`"${"x".repeat(1_100_000)}"`)).status).toBe(413);
  });
});
