import type { Redis } from "ioredis";
import type { ChartPort } from "#domain/ports/outbox.ts";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";

const dayMs = 24 * 3_600_000;

/** Whether Slack refused a chart within the last day of wall time: a key that is there or not. */
export function createCharts(redis: Redis, keys: Keys): ChartPort {
  const key = keys.outbox.refusedChart;
  return {
    areChartsRefused: () => ask("read whether charts are refused", async () => (await redis.exists(key)) > 0),
    rememberRefusedChart: async () => {
      await ask("write that charts are refused", () => redis.set(key, "1", "PX", dayMs));
    },
  };
}
