import { MINUTE, NOON, anOwnership } from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import { createIllnessWatch } from "#workflow/illness.ts";
import { createInvestigate } from "#workflow/investigate.ts";
import type { SpikeReport } from "#workflow/jobs.ts";
import { createMemo } from "#workflow/memo.ts";
import { createOpen } from "#workflow/open.ts";
import { createTick } from "#workflow/tick.ts";
import { noSignals } from "#domain/sample.ts";
import { silentLog } from "#lib/log.ts";
import { connectStore } from "#store/store.ts";

/** An agent and an analyst over a real Redis, on a clock that is stepped; jobs run at once instead of through a queue. */
export function createIllnessWorld(url: string, prefix: string) {
  let now = NOON;
  let runaway = false;
  const reports: SpikeReport[] = [];
  const store = connectStore({ url, prefix, now: () => now, log: silentLog });
  const signals = async () => noSignals;
  const open = createOpen({ ...store, signals, enqueue: async () => {} });
  const investigate = createInvestigate({
    verbs: {
      ...store,
      signals,
      files: async () => [],
      commitsBetween: async () => undefined,
      ownershipOf: async () => anOwnership(),
      loadSql: async () => ({ postgres: () => undefined, other: () => undefined }),
      withCommits: async (_key, _repository, changes) => changes,
    },
    windowMs: 72 * 60 * MINUTE,
    ranges: createMemo(10),
    files: createMemo(10),
    log: silentLog,
  });
  const tick = createTick({
    verbs: {
      ...store,
      findRights: async () => ({ at: now, missing: {} }),
      investigate,
      recentSignals: signals,
      enqueue: async () => {},
    },
    now: () => now,
    everyMs: 15_000,
    capMargin: 1.25,
    blindAfterMs: MINUTE,
  });
  const newAgent = () =>
    createIllnessWatch({
      cluster: "prod",
      now: () => now,
      verbs: {
        ...store,
        signals,
        enqueue: async (name, data) => {
          if (name === "spike") reports.push(data as SpikeReport);
        },
      },
      runsAway: () => runaway,
    });
  let agent = newAgent();

  const hear = async (observation: Observation): Promise<void> => {
    agent.hear(observation);
    if (observation.kind === "workload") await store.saveWorkloads("prod", [observation.state]);
    if (observation.kind === "pool") await store.savePool(observation.pool);
    if (observation.kind === "change") await store.addChanges([observation.change]);
  };
  const told: SpikeReport[] = [];
  const look = async (): Promise<void> => {
    await agent.flush();
    await store.saveSeenUntil("prod", now);
    for (const report of reports.splice(0)) {
      told.push(report);
      await open(report);
    }
    for (const { id } of await store.openIncidents()) await tick(id);
  };
  return {
    store,
    hear,
    told,
    open,
    now: () => now,
    runAway: (is: boolean) => void (runaway = is),
    /** Lets so many minutes pass, with a look every 15 seconds. */
    pass: async (minutes: number): Promise<void> => {
      for (const until = now + minutes * MINUTE; now < until;) {
        now += 15_000;
        await look();
      }
    },
    /** The agent's process is another one from here on. */
    restart: async (): Promise<void> => {
      agent = newAgent();
      await agent.recall();
    },
    find: async (id: string): Promise<Incident> => {
      const incident = await store.findIncident(id);
      if (!incident) throw new Error(`Expected that incident "${id}" exists`);
      return incident;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
