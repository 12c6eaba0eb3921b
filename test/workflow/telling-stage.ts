import { ADA, CHANNEL, NINA, OTTO, type Stage, startStage } from "#test/bot/bot-app.ts";
import { NOON, aDiagnosis, anIncident } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import type { Enqueue, EnqueueOptions } from "#workflow/jobs.ts";
import type { Incident } from "#domain/incident.ts";
import type { JobTable } from "#app/jobs.ts";
import { createTell } from "#workflow/tell.ts";
import { createTelling } from "#app/telling.ts";
import { fileSchema } from "#app/config/file.ts";
import { runJob } from "#app/jobs.ts";
import { silentLog } from "#lib/log.ts";
import { tellSettingsOf } from "#app/config/tell.ts";
import { textsOf } from "#test/bot/safe.ts";

/** Somebody who has left. */
export const GONE = { id: "U0GONE", name: "gone", realName: "Gone", is: "deleted" } as const;

/** What a test reads in a message. */
export interface Read {
  readonly ts: string;
  readonly threadTs?: string;
  readonly text: string;
  /** All texts of its blocks as they are now, and of the table. */
  readonly all: string;
  /** Texts as they were posted: an edit calls nobody. */
  readonly posted: string;
  readonly versions: number;
}

/** Slack, Redis and the telling of incidents, with a clock that a test turns. */
export interface TellingStage extends AsyncDisposable {
  readonly stage: Stage;
  readonly store: Store;
  readonly enqueue: Enqueue;
  /** Opens an incident with a diagnosis, and has it told. */
  open(name: string, over?: Partial<Incident>): Promise<string>;
  /** Changes an incident, and has it told. */
  change(id: string, over: Partial<Incident>): Promise<void>;
  /** Turns the clock on, and does what is due until then, one job after the other. */
  pass(ms: number): Promise<void>;
  now(): number;
  /** Fails once, after so many more writes to the store; the job that runs then is done again. */
  crashAfter(writes: number): void;
  /** The messages of a channel, or of the direct conversation with a user, oldest first, once all was sent. */
  read(channel?: string): Promise<Read[]>;
}

interface Due {
  readonly at: number;
  readonly name: keyof JobTable;
  readonly data: unknown;
  readonly id: string;
}

/** `slack`: settings beside the channel. */
export async function startTelling(slack: object = {}, startsAt = NOON): Promise<TellingStage> {
  await using stack = new AsyncDisposableStack();
  let at = startsAt;
  const now = () => at;
  const file = fileSchema.parse({ slack: { channel: CHANNEL, onCall: ["S0OPS"], ...slack } });
  const settings = tellSettingsOf(file.slack);
  const stage = stack.use(
    await startStage(
      (known) => ({
        now,
        tell: (people) =>
          createTell({ verbs: { ...known, owners: async () => [], onCall: async () => [] }, settings, people, log: silentLog }),
      }),
      { users: [NINA, OTTO, ADA, GONE], userGroups: [{ id: "S0OPS", handle: "ops", name: "Ops", users: [OTTO.id] }] },
    ),
  );
  const store = stack.use(connectStore({ url: stage.redis.url, now, log: silentLog }));
  const due: Due[] = [];
  const enqueue: Enqueue = async (name, data, { id, delayMs = 0 }: EnqueueOptions) => {
    if (!due.some((job) => job.id === id)) due.push({ at: at + delayMs, name, data, id });
  };
  let writesLeft = Number.POSITIVE_INFINITY;
  const updateIncident: Store["updateIncident"] = async (id, update) => {
    const written = await store.updateIncident(id, update);
    writesLeft -= 1;
    if (writesLeft === 0) throw new Error("killed");
    return written;
  };
  const clock = { now, rate: 1, toWall: (ms: number) => ms, sleep: async () => {} };
  const table = createTelling({ store: { ...store, updateIncident }, enqueue, file, clock, log: silentLog }, stage.bot);
  const pass = async (ms: number) => {
    const end = at + ms;
    for (;;) {
      const [next] = due.filter((job) => job.at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      due.splice(due.indexOf(next), 1);
      at = Math.max(at, next.at);
      try {
        await runJob(table, next);
      } catch (error) {
        due.push(next);
        throw error;
      }
      // What was said is sent before the next job is done, as it is between two jobs that are seconds apart.
      await stage.quiet();
    }
    at = end;
  };
  const announce = (incidentId: string) => enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
  const open = async (name: string, over: Partial<Incident> = {}) => {
    const id = `inc-${name}`;
    const workload = { cluster: "prod", namespace: "shop", kind: "Deployment" as const, name };
    await store.openIncident(
      anIncident({ id, key: `prod/shop/${name}`, workload, openedAt: at, diagnosis: aDiagnosis(), plan: [], ...over }),
    );
    await announce(id);
    await pass(0);
    return id;
  };
  const all = stack.move();
  return {
    stage,
    store,
    enqueue,
    open,
    pass,
    now,
    crashAfter: (writes) => void (writesLeft = writes),
    change: async (id, over) => {
      await store.updateIncident(id, (incident) => ({ ...incident, ...over }));
      await announce(id);
      await pass(0);
    },
    read: async (channel = CHANNEL) => {
      await stage.quiet();
      const id = channel.startsWith("U") ? `D${channel.slice(1)}` : channel;
      return stage.slack
        .messages(id)
        .filter(({ ephemeralFor }) => ephemeralFor === undefined)
        .toSorted((a, b) => Number(a.ts) - Number(b.ts))
        .map(({ ts, threadTs, versions }) => ({
          ts,
          ...(threadTs !== undefined && { threadTs }),
          text: versions.at(-1)?.text ?? "",
          all: textsOf(versions.at(-1)?.blocks).join("\n"),
          posted: textsOf(versions[0]?.blocks).join("\n"),
          versions: versions.length,
        }));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Did it call who is on call when it was posted? */
export function isMention({ posted }: Read): boolean {
  return posted.includes("<!subteam^S0OPS>");
}

export { ADA, NINA, OTTO };
