import { createClock } from "#lib/clock.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";

const wall = createClock();
/** Wall milliseconds between two writes of readings that nobody waits for. */
const flushEveryMs = 1_000;

/** Flushes once a second, and at once when the bell rings; what could not be sent stays pending. One last time at the end. */
export async function flushUntil(signal: AbortSignal, bell: Bell, flush: () => Promise<void>, log: Log): Promise<void> {
  for (let failures = 0; ;) {
    const last = signal.aborted;
    try {
      await flush();
      failures = 0;
    } catch (error) {
      failures++;
      log.warn({ failures, error: messageOf(error) }, "Readings are kept until Redis takes them");
    }
    if (last) return;
    if (failures === 0) await bell.wait(flushEveryMs);
    else await wall.sleep(flushEveryMs, signal);
  }
}

/** Wakes who waits. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring (at once when it rang since the last call), or after so many wall milliseconds. */
  wait(ms: number): Promise<void>;
}

/** Creates one that has not rung. */
export function createBell(): Bell {
  let rung = false;
  let waiting = new AbortController();
  return {
    ring: () => {
      rung = true;
      waiting.abort();
    },
    wait: async (ms) => {
      waiting = new AbortController();
      if (!rung) await wall.sleep(ms, waiting.signal);
      rung = false;
    },
  };
}
