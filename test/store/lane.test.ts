import { afterEach, expect, test } from "vitest";
import { connectStore } from "#store/store.ts";
import { silentLog } from "#lib/log.ts";
import { startRedis } from "#test/redis.ts";

const stack = new AsyncDisposableStack();
afterEach(() => stack.disposeAsync());

test("a lane that was never ill is opened without a word in the log", async () => {
  const said: unknown[] = [];
  const log = { ...silentLog, warn: (...what: unknown[]) => void said.push(what) };
  const { url } = stack.use(await startRedis());
  const store = stack.use(connectStore({ url, now: Date.now, log }));
  await store.say({ about: "inc", part: "headline", channel: "C1", card: { text: "Hello", blocks: [] } });
  expect(await store.openLane("C1", { owner: "me", forMs: 1_000 }, Date.now())).toMatchObject({ items: [{ about: "inc" }] });
  expect(said).toEqual([]);
});
