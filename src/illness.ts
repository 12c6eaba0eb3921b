import { type IllnessWatch, createIllnessWatch } from "#workflow/illness.ts";
import { createTolerantSignals } from "#workflow/tolerant-signals.ts";
import { messageOf } from "#lib/errors.ts";
import type { Parts } from "#app/parts.ts";

/** Clock milliseconds between two questions to Prometheus about workloads that rolled out. */
const askEveryMs = 2 * 60_000;

/** The agent's watch for illnesses, over the store, the queues and Prometheus. */
export function createIllness({ file, clock, store, enqueue, prometheus, log }: Parts, runsAway: () => boolean): IllnessWatch {
  const signals = createTolerantSignals(prometheus.signals, log);
  return createIllnessWatch({ cluster: file.cluster, now: clock.now, verbs: { ...store, signals, enqueue }, runsAway });
}

/** Asks again and again how fast those are that rolled out. */
export async function askUntil(signal: AbortSignal, { clock, log }: Parts, illness: IllnessWatch): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(askEveryMs, signal);
    try {
      if (!signal.aborted) await illness.readSignals();
    } catch (error) {
      log.debug({ error: messageOf(error) }, "Cannot ask how fast workloads are");
    }
  }
}
