import { callKube } from "#clients/kubernetes/answer.ts";
import { backoffMs } from "#lib/backoff.ts";
import { createClock } from "#lib/clock.ts";
import type { ClusterWatchOptions } from "./reflect.ts";

const wall = createClock();
/** Wall milliseconds. */
const lookAgainMs = 30 * 60_000;

/**
 * True once a resource may be listed; false when it was stopped before. What is not installed, or not for us to see, is asked for again twice
 * an hour, and said once: a watch that is refused again and again would fill the log.
 */
export async function untilListable(
  { connection, log }: Pick<ClusterWatchOptions, "connection" | "log">,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const { code } = await callKube(connection, { path, query: { limit: 1 }, signal });
      if (code < 300) return true;
      if (code === 403 && attempt === 0) log.info({ path }, "May not be listed, and is left out");
      if (code === 403 || code === 404) await wall.sleep(lookAgainMs, signal);
    } catch {
      // The other watches say that the API server is away.
    }
    await wall.sleep(backoffMs(attempt, { baseMs: 1_000, maxMs: 60_000, random: Math.random }), signal);
  }
  return false;
}
