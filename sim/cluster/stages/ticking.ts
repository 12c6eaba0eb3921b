import type { SimClock } from "#sim/clock.ts";

/** A loop that steps a cluster along a clock. */
export interface Ticking extends AsyncDisposable {
  /** Steps until that time at once, in steps of a second. */
  readonly until: (time: number) => void;
}

/** Between steps at least so much passes on the clock, and on the wall. */
const leastOnClock = 1_000;
const leastOnWall = 33;
/** A loop that was held up catches up in at most so many steps. */
const stepsAtOnce = 20;

/** Steps along the clock until disposed; `stepped` leaves it to `until`. A step that throws is reported and does not end the loop. */
export function startTicking(options: {
  readonly clock: SimClock;
  readonly step: (time: number) => void;
  readonly stepped: boolean;
}): Ticking {
  const { clock, step, stepped } = options;
  const stop = new AbortController();
  const length = Math.max(leastOnClock, leastOnWall * clock.rate);
  let last = clock.now();
  const advance = (to: number, stride: number) => {
    while (last < to) {
      last = Math.min(to, last + stride);
      step(last);
    }
  };
  const loop = async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(Math.max(0, last + length - clock.now()), stop.signal);
      if (stop.signal.aborted) return;
      const now = clock.now();
      try {
        advance(now, Math.max(1.5 * length, (now - last) / stepsAtOnce));
      } catch (error) {
        console.error("A step of the simulated cluster failed:", error);
      }
    }
  };
  const done = stepped ? Promise.resolve() : loop();
  return {
    until: (time) => advance(time, leastOnClock),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}
