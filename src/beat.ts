import { createClock } from "#lib/clock.ts";
import { messageOf } from "#lib/errors.ts";
import type { Parts } from "#app/parts.ts";

const wall = createClock();
/** Wall milliseconds. */
const beatEveryMs = 2_000;

/** Writes down again and again up to when the cluster is seen. Before it asks: what comes later may be missed. */
export async function beatUntil(
  signal: AbortSignal,
  { store, file, clock, log }: Parts,
  isSeen: () => Promise<boolean>,
): Promise<void> {
  while (!signal.aborted) {
    const at = clock.now();
    try {
      if (await isSeen()) await store.saveSeenUntil(file.cluster, at);
    } catch (error) {
      log.debug({ error: messageOf(error) }, "Cannot write how far the cluster is seen");
    }
    await wall.sleep(beatEveryMs, signal);
  }
}
