// A worker process that takes a job and never ends it: the test kills it.
import { createClock } from "#lib/clock.ts";
import { silentLog } from "#lib/log.ts";
import { createQueues } from "#store/queues.ts";

const url = process.argv[2] ?? "";
createQueues({ url, clock: createClock(), log: silentLog }).startWorker("incidents", 1, async ({ attempt }) => {
  process.stdout.write(`${attempt}\n`);
  await new Promise(() => {});
});
