import { describe, expect, test } from "vitest";
import type { Alert } from "#domain/spike.ts";
import { NOON } from "#test/builders.ts";
import { createAlertReceiver } from "#watchers/alerts/receive.ts";

const opsgenie = {
  action: "Create",
  source: { name: "web", type: "API" },
  alert: {
    alertId: "70413a06",
    message: "Latency of web is high",
    createdAt: NOON,
    tags: ["namespace:shop", "P1"],
    entity: "web",
    details: { team: "web" },
  },
};
const alertmanager = {
  version: "4",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "HighLatency", namespace: "shop", deployment: "web" },
      annotations: { summary: "Latency is high" },
      startsAt: new Date(NOON).toISOString(),
      fingerprint: "abc",
      generatorURL: "javascript:alert(1)",
    },
    { status: "resolved", labels: { alertname: "Odd", namespace: "not a name!" }, startsAt: "yesterday" },
  ],
};

function receive(
  source: Alert["source"],
  body: string,
  { secret = "s3cret", given = "Bearer s3cret", query = "", fail = false } = {},
) {
  const taken: Alert[] = [];
  const receiver = createAlertReceiver({
    source,
    secret: secret || undefined,
    now: () => NOON + 1,
    accept: async (alerts) => {
      if (fail) throw new Error("Redis is away");
      taken.push(...alerts);
    },
  });
  return receiver({ authorization: given }, new URL(`http://localhost/${query}`), Buffer.from(body)).then((answer) => ({
    ...answer,
    taken,
  }));
}

describe("alert webhooks", () => {
  test("Opsgenie's alert names its workload", async () => {
    const { status, taken } = await receive("opsgenie", JSON.stringify(opsgenie));
    expect(status).toBe(202);
    expect(taken).toEqual([
      {
        id: "opsgenie/70413a06",
        source: "opsgenie",
        at: NOON,
        status: "open",
        message: "Latency of web is high",
        namespace: "shop",
        workload: "web",
      },
    ]);
  });

  test("Opsgenie's nanoseconds and closing are read", async () => {
    const { taken } = await receive(
      "opsgenie",
      JSON.stringify({ action: "Close", alert: { ...opsgenie.alert, createdAt: NOON * 1e6 } }),
    );
    expect(taken[0]).toMatchObject({ at: NOON, status: "closed" });
  });

  test("Alertmanager's group gives an alert each, without what is no name or no link", async () => {
    const { taken } = await receive("alertmanager", JSON.stringify(alertmanager));
    expect(taken).toMatchObject([
      {
        id: expect.stringContaining("alertmanager/abc"),
        at: NOON,
        status: "open",
        namespace: "shop",
        workload: "web",
        message: "Latency is high",
      },
      { at: NOON + 1, status: "closed", message: "Odd" },
    ]);
    expect(taken[0]?.url).toBeUndefined();
    expect(taken[1]?.namespace).toBeUndefined();
  });

  test.each([
    ["a wrong secret", { given: "Bearer wrong" }, 401],
    ["no secret", { given: "" }, 401],
    ["the secret in the query", { given: "", query: "?secret=s3cret" }, 202],
    ["a closed door", { secret: "" }, 404],
    ["a full store", { fail: true }, 503],
  ])("%s", async (_name, over, status) => {
    expect((await receive("opsgenie", JSON.stringify(opsgenie), over)).status).toBe(status);
  });

  test.each(["", "{", "[]", "null", '{"action":"Create"}', '{"alert":{"alertId":1}}'])("%j is a 400", async (body) => {
    expect((await receive("opsgenie", body)).status).toBe(400);
    expect((await receive("alertmanager", body)).status).toBe(400);
  });

  test("3 MB of message are cut", async () => {
    const { status, taken } = await receive(
      "opsgenie",
      JSON.stringify({ ...opsgenie, alert: { ...opsgenie.alert, message: "x".repeat(99_000) } }),
    );
    expect(status).toBe(202);
    expect(taken[0]?.message).toHaveLength(1_000);
    expect(
      (await receive("opsgenie", JSON.stringify({ ...opsgenie, alert: { ...opsgenie.alert, message: "x".repeat(3e6) } }))).status,
    ).toBe(400);
  });
});
