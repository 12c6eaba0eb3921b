import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Desk, startDesk } from "./desk.ts";
import { inGroup, named } from "./who.ts";
import { verbs } from "#domain/policy.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk({ persistent: true });
  await desk.reset();
});
afterAll(() => desk[Symbol.asyncDispose]());

test("nobody may while Redis is away, and what was pressed meanwhile does not happen later", { timeout: 60_000 }, async () => {
  const opened: string[] = [];
  for (const kind of verbs) {
    const { view } = await desk.press(kind, named);
    await desk.fill(view, kind);
    opened.push(view);
  }
  await desk.redis.stop();
  await Promise.all(opened.map((view) => desk.submit(view, named)));
  for (const view of opened)
    await vi.waitFor(() => expect(desk.read(view)).toContain("could not be written down right now"), { timeout: 20_000 });
  expect((await desk.press("cap", named)).said).toContain("Nothing was changed.");
  await desk.redis.start();
  // Who presses again once it is back is the only one who is heard.
  await vi.waitFor(async () => expect(await desk.go("cap", inGroup)).toContain("Approved."), { timeout: 20_000, interval: 200 });
  expect(await desk.acts()).toMatchObject([{ by: inGroup, intent: { kind: "cap" } }]);
});
