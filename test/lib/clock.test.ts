import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClock } from "#lib/clock.ts";

const WALL = Date.UTC(2026, 0, 1);
const STORY = Date.UTC(2020, 0, 1);

describe("clock", () => {
  beforeEach(() => vi.useFakeTimers({ now: WALL }));
  afterEach(() => vi.useRealTimers());

  test("is the wall's without a setting", () => {
    expect(createClock().now()).toBe(WALL);
    expect(createClock().toWall(1_000)).toBe(1_000);
  });

  test("runs from its origin at its rate, the same in every process", () => {
    const clock = createClock(`${WALL},${STORY},60`);
    vi.advanceTimersByTime(1_000);
    expect(clock.now()).toBe(STORY + 60_000);
    expect(createClock(`${WALL},${STORY},60`).now()).toBe(clock.now());
    expect(clock.toWall(60_000)).toBe(1_000);
  });

  test("sleeps in its own time, and wakes at once when told to", async () => {
    const clock = createClock(`${WALL},${STORY},60`);
    const slept = vi.fn();
    const woken = vi.fn();
    const stop = new AbortController();
    void clock.sleep(60_000).then(slept);
    void clock.sleep(3_600_000, stop.signal).then(woken);
    await vi.advanceTimersByTimeAsync(999);
    expect(slept).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(slept).toHaveBeenCalledOnce();
    stop.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(woken).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(["1", "1,2", "1,2,0", "1,2,-3", "a,b,c", "1,2,3,4"])("%j is refused with what was wanted", (setting) => {
    expect(() => createClock(setting)).toThrow(/expected <wall ms>,<clock ms>,<rate above 0>/);
  });
});
