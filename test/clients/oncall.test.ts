import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Callee } from "#domain/told.ts";
import { TemporaryError } from "#lib/errors.ts";
import { createOnCallReader } from "#watchers/oncall/read.ts";
import { createOpsgenieClient } from "#clients/oncall/opsgenie.ts";
import { createPagerDutyClient } from "#clients/oncall/pagerduty.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

interface Asked {
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** A vendor on a real socket; `answer` undefined: it never answers. */
async function aVendor(answer: () => { status?: number; body: unknown } | undefined) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", headers: request.headers });
    const said = answer();
    if (!said) return;
    response.writeHead(said.status ?? 200, { "content-type": "application/json" });
    response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  let now = 0;
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const reader = createOnCallReader({
    pagerDuty: createPagerDutyClient({ apiUrl, token: "secret" }),
    opsgenie: createOpsgenieClient({ apiUrl, key: "secret" }),
    now: () => now,
  });
  return { asked, reader, pass: (ms: number) => void (now += ms) };
}

/** The example answer of PagerDuty's reference, with users in full as `include[]=users` gives them. */
const entry = (level: number, user: object) => ({
  user,
  schedule: {
    id: "PI7DH85",
    type: "schedule_reference",
    summary: "Daily Engineering Rotation",
    self: "https://api.pagerduty.com/schedules/PI7DH85",
    html_url: "https://subdomain.pagerduty.com/schedules/PI7DH85",
  },
  escalation_policy: {
    id: "PT20YPA",
    type: "escalation_policy_reference",
    summary: "Another Escalation Policy",
    self: "https://api.pagerduty.com/escalation_policies/PT20YPA",
    html_url: "https://subdomain.pagerduty.com/escalation_policies/PT20YPA",
  },
  escalation_level: level,
  start: "2015-03-06T15:28:51-05:00",
  end: "2015-03-07T15:28:51-05:00",
});
const tim = {
  id: "PT23IWX",
  type: "user",
  summary: "Tim Wright",
  self: "https://api.pagerduty.com/users/PT23IWX",
  html_url: "https://subdomain.pagerduty.com/users/PT23IWX",
  name: "Tim Wright",
  email: "Tim.Wright@example.com",
  time_zone: "Europe/Berlin",
  role: "user",
  job_title: null,
  teams: [],
};
const earline = { ...tim, id: "PXPGF42", name: "Earline Greenholt", summary: "Earline Greenholt", email: "e@example.com" };
const page = { limit: 100, offset: 0, more: false, total: null };
const pagerDuty = { oncalls: [entry(2, earline), entry(1, tim), entry(2, tim)], ...page };
/** The example answer of Opsgenie's reference with `flat=true`. */
const opsgenie = {
  data: {
    _parent: { id: "d875alp4-9b4e-4219-alp3-0c26936d18de", name: "ScheduleName", enabled: true },
    onCallRecipients: ["Nina@example.com", "nina@example.com"],
  },
  took: 0.101,
  requestId: "7e6ac4d1-d8ab-4a3a-b2a6-f2b1c8c9d2a1",
};
const schedule: Callee = { kind: "pagerduty", schedule: "PI7DH85" };
const named: Callee = { kind: "opsgenie", schedule: "Shop schedule/a" };

describe("PagerDuty", () => {
  test("is asked for a schedule with its users, and who is on call twice is named once, the first level first", async () => {
    const { reader, asked } = await aVendor(() => ({ body: pagerDuty }));
    expect(await reader.onCall(schedule)).toEqual([
      { name: "Tim Wright", email: "tim.wright@example.com" },
      { name: "Earline Greenholt", email: "e@example.com" },
    ]);
    const [{ url, headers } = { url: "", headers: {} }] = asked;
    expect(decodeURIComponent(url)).toBe("/oncalls?schedule_ids[]=PI7DH85&include[]=users&limit=100");
    expect(headers["authorization"]).toBe("Token token=secret");
    expect(headers["accept"]).toBe("application/vnd.pagerduty+json;version=2");
  });

  test("is asked for a level of a policy", async () => {
    const { reader, asked } = await aVendor(() => ({ body: pagerDuty }));
    expect(await reader.onCall({ kind: "pagerduty", policy: "PT20YPA", level: 1 })).toEqual([
      { name: "Tim Wright", email: "tim.wright@example.com" },
    ]);
    expect(decodeURIComponent(asked[0]?.url ?? "")).toContain("escalation_policy_ids[]=PT20YPA");
  });

  test("may show users without address, and nobody at all", async () => {
    const reference = { id: "PT23IWX", type: "user_reference", summary: "Tim Wright" };
    const some = await aVendor(() => ({ body: { oncalls: [entry(1, reference)], ...page } }));
    expect(await some.reader.onCall(schedule)).toEqual([{ name: "Tim Wright" }]);
    const none = await aVendor(() => ({ body: { oncalls: [], ...page } }));
    expect(await none.reader.onCall(schedule)).toEqual([]);
  });
});

describe("Opsgenie", () => {
  test("is asked for a schedule by name, or by id", async () => {
    const { reader, asked } = await aVendor(() => ({ body: opsgenie }));
    expect(await reader.onCall(named)).toEqual([{ email: "nina@example.com" }]);
    await reader.onCall({ kind: "opsgenie", schedule: "7e6ac4d1-d8ab-4a3a-b2a6-f2b1c8c9d2a1" });
    expect(asked.map(({ url }) => url)).toEqual([
      "/v2/schedules/Shop%20schedule%2Fa/on-calls?scheduleIdentifierType=name&flat=true",
      "/v2/schedules/7e6ac4d1-d8ab-4a3a-b2a6-f2b1c8c9d2a1/on-calls?scheduleIdentifierType=id&flat=true",
    ]);
    expect(asked[0]?.headers["authorization"]).toBe("GenieKey secret");
  });

  test("may name nobody", async () => {
    const { reader } = await aVendor(() => ({ body: { data: {}, took: 0.1 } }));
    expect(await reader.onCall(named)).toEqual([]);
  });
});

describe("an answer", () => {
  test("is held for a minute, by schedule and level", async () => {
    const { reader, asked, pass } = await aVendor(() => ({ body: pagerDuty }));
    await Promise.all([reader.onCall(schedule), reader.onCall(schedule)]);
    pass(59_000);
    await reader.onCall(schedule);
    expect(asked).toHaveLength(1);
    await reader.onCall({ ...schedule, level: 2 });
    pass(1_000);
    await reader.onCall(schedule);
    expect(asked).toHaveLength(3);
  });

  test("that did not come is held for ten seconds", async () => {
    let status = 500;
    const { reader, asked, pass } = await aVendor(() => ({ status, body: pagerDuty }));
    await expect(reader.onCall(schedule)).rejects.toBeInstanceOf(TemporaryError);
    status = 200;
    pass(9_000);
    await expect(reader.onCall(schedule)).rejects.toThrow("Cannot ask PagerDuty who is on call: it answers 500");
    expect(asked).toHaveLength(1);
    pass(1_000);
    expect(await reader.onCall(schedule)).toHaveLength(2);
  });

  test.each([
    [{ status: 401, body: {} }, "it answers 401; expected a token that may read schedules"],
    [{ status: 403, body: {} }, "it answers 403; expected a token"],
    [{ status: 404, body: {} }, 'it does not know "/oncalls"'],
    [{ status: 400, body: { error: { message: "Invalid" } } }, "it answers 400"],
    [{ status: 429, body: {} }, "it answers 429"],
    [{ body: "<html>" }, "it is not JSON"],
    [{ body: { oncalls: [{ user: null }] } }, "Cannot read the answer of PagerDuty: oncalls.0"],
    [{ body: `"${"x".repeat(1_100_000)}"` }, "larger than 1 MB"],
  ])("%j is a sentence", async (answer, sentence) => {
    const { reader } = await aVendor(() => answer);
    await expect(reader.onCall(schedule)).rejects.toThrow(sentence);
  });

  test("that never comes is given up after two seconds", async () => {
    const { reader } = await aVendor(() => undefined);
    const began = performance.now();
    await expect(reader.onCall(named)).rejects.toThrow("Cannot ask Opsgenie who is on call");
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test("is not asked for without a token", async () => {
    const reader = createOnCallReader({ now: () => 0 });
    await expect(reader.onCall(schedule)).rejects.toThrow("PAGERDUTY_TOKEN is not set");
    await expect(reader.onCall(named)).rejects.toThrow("OPSGENIE_API_KEY is not set");
  });
});
