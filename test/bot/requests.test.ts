import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { request } from "node:http";
import { SECRET, type Stage, startStage } from "./bot-app.ts";
import { signHeaders } from "#sim/slack/send/sign.ts";

let stage: Stage;
beforeAll(async () => void (stage = await startStage()));
afterAll(() => stage[Symbol.asyncDispose]());

const event = JSON.stringify({
  type: "event_callback",
  event_id: "Ev1",
  team_id: "T1",
  event: { type: "message", channel: "C1", user: "U1", text: "x", ts: "1.1" },
});

async function send(body: string, headers: Record<string, string>, path = ""): Promise<number> {
  const response = await fetch(`${stage.url}${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  await response.text();
  return response.status;
}

describe("what is not Slack's is turned away", () => {
  const signed = (body: string, at = Date.now(), secret = SECRET) => signHeaders(body, secret, at);
  test("signed: 200", async () => expect(await send(event, signed(event))).toBe(200));
  test("unsigned: 401", async () => expect(await send(event, {})).toBe(401));
  test("wrongly signed: 401", async () => expect(await send(event, signed(event, Date.now(), "another secret"))).toBe(401));
  test("signed, another body: 401", async () => expect(await send(`${event} `, signed(event))).toBe(401));
  test("older than 5 minutes: 401", async () => expect(await send(event, signed(event, Date.now() - 301_000))).toBe(401));
  test("from the future: 401", async () => expect(await send(event, signed(event, Date.now() + 400_000))).toBe(401));
  test("malformed JSON: 400", async () => expect(await send("{", signed("{"))).toBe(400));
  test.each(["null", "3", "", '"x"'])("signed JSON that is no object, %j: 400", async (body) =>
    expect(await send(body, signed(body))).toBe(400),
  );
  test("another path: 404", async () => expect(await send(event, signed(event), "/elsewhere")).toBe(404));
  test("an unknown event: 200", async () => {
    const unknown = JSON.stringify({ type: "event_callback", event_id: "Ev2", event: { type: "brand_new" } });
    expect(await send(unknown, signed(unknown))).toBe(200);
  });

  test("a body above the limit is refused before it is read: 413", async () =>
    expect(await sendLarge({ "content-length": 5_000_000 }, 1_000)).toBe(413));
  test("a body that grows above the limit: 413", async () =>
    expect(await sendLarge({ "transfer-encoding": "chunked" }, 2_000_000)).toBe(413));
});

function sendLarge(headers: Record<string, string | number>, bytes: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sending = request(
      stage.url,
      { method: "POST", headers: { "content-type": "application/json", ...headers } },
      (response) => {
        resolve(response.statusCode);
        response.resume();
        sending.destroy();
      },
    );
    sending.on("error", () => {});
    sending.write("x".repeat(bytes));
  });
}
