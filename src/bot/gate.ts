import type { Clock } from "#lib/clock.ts";
import { TemporaryError } from "#lib/errors.ts";

/** Lets calls through at a pace, for each key of its own. */
export interface Gate {
  /** Resolves when the call may go; throws TemporaryError when that would take longer than `maxWaitMs`. */
  pass(key: string): Promise<void>;
  /** Slack said "not before": all calls of this key wait. */
  block(key: string, forMs: number): void;
  close(): void;
}

/** A token bucket a key: `burst` calls at once, then one in `everyMs`. `wall` is the wall's clock: Slack's limits are. */
export function createGate(options: { everyMs: number; burst: number; maxWaitMs: number; wall: Clock }): Gate {
  const { everyMs, burst, maxWaitMs, wall } = options;
  const closing = new AbortController();
  // For each key the moment at which the bucket is full again, as if emptied by one call in `everyMs`.
  const fullAt = new Map<string, number>();
  const waitFor = (key: string) => Math.max(0, (fullAt.get(key) ?? 0) - wall.now() - (burst - 1) * everyMs);
  return {
    pass: async (key) => {
      const wait = waitFor(key);
      if (wait > maxWaitMs)
        throw new TemporaryError(`Cannot write to Slack channel "${key}" yet: too much was written, or Slack asked to wait`, {
          retryAfterMs: wait,
        });
      forgetFull(fullAt, wall.now());
      fullAt.set(key, Math.max(wall.now(), fullAt.get(key) ?? 0) + everyMs);
      if (wait > 0) await wall.sleep(wait, closing.signal);
      if (closing.signal.aborted) throw new TemporaryError("Cannot write to Slack: it is shutting down");
    },
    block: (key, forMs) => void fullAt.set(key, Math.max(fullAt.get(key) ?? 0, wall.now() + forMs + (burst - 1) * everyMs)),
    close: () => closing.abort(),
  };
}

function forgetFull(fullAt: Map<string, number>, now: number): void {
  if (fullAt.size < 1_000) return;
  for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key);
}
