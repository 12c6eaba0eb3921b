import { expect, test } from "vitest";
import type { Clock } from "#lib/clock.ts";
import { TemporaryError } from "#lib/errors.ts";
import { createGate } from "#bot/gate.ts";

/** A clock that moves only by sleeping. */
function steppedClock(): Clock & { slept: number } {
  const clock = {
    slept: 0,
    rate: 1,
    now: () => clock.slept,
    toWall: (ms: number) => ms,
    sleep: async (ms: number) => void (clock.slept += ms),
  };
  return clock;
}

test("a burst goes at once, then one a second, and a long queue is turned away", async () => {
  const wall = steppedClock();
  const gate = createGate({ everyMs: 1_000, burst: 3, maxWaitMs: 2_000, wall });
  for (let call = 0; call < 3; call += 1) await gate.pass("C1");
  expect(wall.slept).toBe(0);
  await gate.pass("C1");
  expect(wall.slept).toBe(1_000);
  gate.block("C1", 30_000);
  await expect(gate.pass("C1")).rejects.toBeInstanceOf(TemporaryError);
  await gate.pass("C2");
  expect(wall.slept).toBe(1_000);
});
