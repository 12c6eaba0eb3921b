import type { PrometheusPort } from "#domain/ports/cluster.ts";
import { noSignals } from "#domain/sample.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";

/** An incident is told and judged also while Prometheus is away or refuses a query: then without its series. */
export function createTolerantSignals(signals: PrometheusPort["signals"], log: Log): PrometheusPort["signals"] {
  return async (key, from, to, stepSeconds) => {
    try {
      return await signals(key, from, to, stepSeconds);
    } catch (error) {
      log.warn({ workload: key, error: messageOf(error) }, "Prometheus gives no series; the incident is judged without them");
      return noSignals;
    }
  };
}
