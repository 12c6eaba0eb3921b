import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { WebClient } from "@slack/web-api";
import { CHANNEL, type Stage, startStage } from "./bot-app.ts";
import { NOON, aDiagnosis, anIncident, shopWeb } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { policy, userGroups, users } from "./who.ts";
import type { Approval } from "#domain/order.ts";
import type { Incident } from "#domain/incident.ts";
import type { Intent } from "#domain/intent.ts";
import type { Enqueue, JobData } from "#workflow/jobs.ts";
import type { PeoplePort, Viewer } from "#domain/ports/slack.ts";
import type { Step } from "#domain/plan.ts";
import { createClock } from "#lib/clock.ts";
import { createEnqueue } from "#app/jobs.ts";
import { createPress } from "#workflow/press.ts";
import { createQueues } from "#store/queues.ts";
import { defaultPrefix } from "#store/keys.ts";
import { digestOf } from "#lib/digest.ts";
import { signing } from "#test/workflow/signing.ts";
import { silentLog } from "#lib/log.ts";
import { stepValue } from "#bot/step-value.ts";
import { textsOf } from "./safe.ts";
import { type Verb, verbs } from "#domain/policy.ts";
import { vi } from "vitest";

const id = "inc-whomay";

/** What somebody does, differently from the usual. */
export interface Doing {
  /** Against the rules. */
  readonly reason?: string;
  /** Signs as somebody who does not know Slack's secret. */
  readonly secret?: string;
}

/** Slack, Bolt, the workflow, the store and the queues, as one program has them; and people who press. */
export interface Desk extends AsyncDisposable {
  readonly stage: Stage;
  readonly store: Store;
  readonly redis: TestRedis;
  /** Forgets everything, and opens an incident with every step ready. */
  reset(over?: Partial<Incident>): Promise<void>;
  /** Presses a step's button. Resolves with what the preview's job says about them, or with the sentence that they read instead. */
  press(kind: Verb, user: string): Promise<{ readonly view: string; readonly viewer?: Viewer; readonly said: string }>;
  /** Fills the modal as for somebody who may do everything: it was open when the rules changed, or they send around it. */
  fill(view: string, kind: Verb): Promise<void>;
  /** Submits the modal; what it says then. */
  submit(view: string, user: string, doing?: Doing): Promise<string>;
  /** Picks another of the choices of a filled modal. */
  pick(view: string, user: string): Promise<void>;
  /** Who asked for previews of which modal, once Redis has it. */
  readonly previews: readonly JobData<"preview">[];
  /** What a modal shows. */
  read(view: string): string;
  /** All of it: what they read at last. */
  go(kind: Verb, user: string, doing?: Doing): Promise<string>;
  /** What reached the agent's queue to be carried out. */
  acts(): Promise<Approval[]>;
}

/** Starts everything; about half a second. */
export async function startDesk(redisOptions: Parameters<typeof startRedis>[0] = {}): Promise<Desk> {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedis(redisOptions));
  const store = stack.use(connectStore({ url: redis.url, now: () => NOON, log: silentLog }));
  const queues = stack.use(createQueues({ url: redis.url, clock: createClock(), log: silentLog }));
  const client = new Redis({ path: redis.url.slice("unix://".length), maxRetriesPerRequest: null });
  client.on("error", () => {});
  stack.defer(() => client.disconnect());
  const steps = new Queue("steps-prod", { connection: client, prefix: `${defaultPrefix}:queue` });
  steps.on("error", () => {});
  stack.defer(() => steps.close());
  const previews: JobData<"preview">[] = [];
  const toRedis = createEnqueue(queues, "prod");
  const enqueue: Enqueue = async (name, data, options) => {
    await toRedis(name, data, options);
    if (name === "preview") previews.push(data as JobData<"preview">);
  };
  const press = (people: PeoplePort) =>
    createPress({
      verbs: { ...store, enqueue, usualOf: async () => 30 },
      cluster: "prod",
      policy,
      people,
      settings: { capMargin: 1.25 },
      ...signing,
      now: () => NOON,
      log: silentLog,
    });
  const stage = stack.use(await startStage({ press, groups: userGroups.map((group) => group.id) }, { users, userGroups }));
  const ts = await postButtons(stage);
  const hands = handsOf(stage, store, previews, ts);
  const all = stack.move();
  return {
    ...hands,
    stage,
    store,
    previews,
    redis,
    reset: async (over = {}) => {
      await client.flushdb();
      await store.openIncident(anIncident({ id, diagnosis, plan, ...over }));
    },
    go: async (kind, user, doing) => {
      const { view } = await hands.press(kind, user);
      await hands.fill(view, kind);
      return hands.submit(view, user, doing);
    },
    acts: async () =>
      (await steps.getJobs())
        .filter(({ name }) => name === "act")
        .map(({ data }) => (data as JobData<"act">).signed.document.approval),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const base = aDiagnosis();
/** Nobody knows whether the code may go back; the first suspect is the author's. */
export const diagnosis = { ...base, rollbackSafety: { ...base.rollbackSafety, verdict: "unknown" as const, migrations: [] } };
const choices = { label: "Which", options: ["a", "b"].map((value) => ({ value, text: value })), chosen: "a" };
const plan = verbs.map((kind): Step => ({ id: kind, kind, state: "ready", summary: "A step." }));

function handsOf(
  { slack, bot }: Stage,
  store: Store,
  previews: readonly JobData<"preview">[],
  ts: string,
): Pick<Desk, "press" | "fill" | "pick" | "submit" | "read"> {
  const saidIn = (view: string) => textsOf(slack.views.find((one) => one.id === view)?.view).join("\n");
  return {
    read: saidIn,
    press: async (kind, user) => {
      const known = new Set(slack.views.map((view) => view.id));
      await slack.pressButton({ user, message: { channel: CHANNEL, ts }, actionId: `step:${kind}` });
      return await vi.waitFor(
        () => {
          const view = slack.views.find((one) => one.user === user && !known.has(one.id))?.id;
          if (view === undefined) throw new Error("No modal has opened");
          if (!saidIn(view).includes("Loading")) return { view, said: saidIn(view) };
          const viewer = previews.find(({ viewId }) => viewId === view)?.viewer;
          if (!viewer) throw new Error("Nobody has answered");
          return { view, viewer, said: "" };
        },
        { interval: 5, timeout: 30_000 },
      );
    },
    fill: async (view, kind) => {
      const intent = intentOf(kind);
      await store.saveIntent(digestOf(intent), intent, 600_000);
      const incident = await store.findIncident(id);
      const step = incident?.plan.find((one) => one.kind === kind);
      if (!incident || !step) throw new Error("There is no incident");
      const preview = { at: NOON, intent, effects: [], changes: [], warnings: [], dryRun: "accepted", choices } as const;
      const anybody = { user: "", allowed: true, approvals: 2, text: "", breakGlass: true } as const;
      await bot.slack.showPreview(view, incident, step, { kind: "preview", preview }, anybody);
    },
    pick: async (view, user) => void (await slack.pressInView({ user, view, actionId: "choice", value: "b" })),
    submit: async (view, user, { reason = "", secret } = {}) => {
      const values = { glass: { reason } };
      const { kind } = await slack.submitView({ user, view, values, ...(secret !== undefined && { signingSecret: secret }) });
      return kind === "updated" ? saidIn(view) : kind;
    },
  };
}

/** What a preview of any kind of step is bound to: each kind looks at its own fields. */
function intentOf(kind: Verb): Intent {
  const ceiling = { autoscaler: "web", autoscalerUid: "u", fromMax: 4_000, toMax: 96 };
  const templates = { fromRevision: 7, fromTemplateHash: "bad", toRevision: 6, toTemplateHash: "good", templateHash: "bad" };
  const others = { cluster: "prod", nodes: [{ name: "a", uid: "uid-a" }], files: [], from: 30, to: 40 };
  return { kind, workload: shopWeb, uid: "u", ...ceiling, ...templates, ...others };
}

/** One message with a button for each kind of act that there is. */
async function postButtons({ slack }: Stage): Promise<string> {
  const elements = verbs.map((kind) => ({
    type: "button",
    action_id: `step:${kind}`,
    value: stepValue(id, { id: kind, kind }),
    text: { type: "plain_text", text: kind },
  }));
  const web = new WebClient("xoxb-local", { slackApiUrl: slack.apiUrl });
  const posted = await web.apiCall("chat.postMessage", {
    channel: CHANNEL,
    text: "What next",
    blocks: [{ type: "actions", elements }],
  });
  return (posted as { ts?: string }).ts ?? "";
}
