import { createServer } from "node:http";
import { expect, vi } from "vitest";
import type { AddressInfo } from "node:net";
import { type Bot, type BotOptions, createBot } from "#bot/bot.ts";
import type {
  Decision,
  DecideRequest,
  ExpectAnswer,
  ExpectRequest,
  Explanation,
  JudgeRequest,
  PressPort,
  StopRequest,
  Viewer,
} from "#domain/ports/slack.ts";
import type { AuditRecord } from "#domain/audit.ts";
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from "#sim/slack/local-slack.ts";
import type { LookPort } from "#domain/ports/look.ts";
import type { Named } from "#domain/named.ts";
import type { Incident } from "#domain/incident.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import type { Sample } from "#domain/sample.ts";
import { NOON } from "#test/builders.ts";
import { type Pace, slackPace } from "#bot/outbox/pace.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { aPolicy } from "#test/workflow/people.ts";
import { createHome } from "#workflow/home.ts";
import { createReport } from "#workflow/report.ts";
import { silentLog } from "#lib/log.ts";

export const SECRET = "a signing secret";
export const CHANNEL = "C0INCIDENTS";
export const NINA = { id: "U0NINA", name: "nina", realName: "Nina Abel", email: "nina@example.com" };
export const OTTO = { id: "U0OTTO", name: "otto", realName: "Otto Brandt", email: "otto@example.com" };
export const ADA = { id: "U0ADA", name: "ada", realName: "Ada Lovelace", email: "ada@example.com" };

/** The workflow's side of a press, as told by a test. */
export interface Workflow extends PressPort {
  readonly previews: Parameters<PressPort["requestPreview"]>[0][];
  readonly decisions: DecideRequest[];
  readonly stops: StopRequest[];
  /** What somebody who presses may do. */
  viewer: (user: string) => Viewer;
  answer: () => Promise<Decision>;
  open: Incident[];
  explanation: Explanation;
  /** What a name leads to; absent: to the workload of that key. */
  named?: Named;
  records: AuditRecord[];
  /** Whose records were asked for. */
  asked?: string;
  readonly expected: ExpectRequest[];
  readonly judged: JudgeRequest[];
  expectAnswer: ExpectAnswer;
}

export function aWorkflow(): Workflow {
  const workflow: Workflow = {
    previews: [],
    decisions: [],
    answer: async () => ({ kind: "accepted", text: "Approved. The cap is on its way." }),
    open: [],
    explanation: { kind: "unknown", similar: [] },
    expected: [],
    judged: [],
    expectAnswer: { kind: "unknown", similar: [] },
    requestPreview: async (request) => void workflow.previews.push(request),
    decide: async (request) => {
      workflow.decisions.push(request);
      return workflow.answer();
    },
    stops: [],
    viewer: (user) => ({
      user,
      allowed: user !== OTTO.id,
      approvals: 1,
      text: user === OTTO.id ? "No rule allows you that." : "",
      breakGlass: false,
    }),
    mayPress: async ({ user }) => workflow.viewer(user),
    mayJudge: async ({ user }) => user !== OTTO.id,
    whoami: async (user) => [`You are ${user}.`],
    stop: async (request) => {
      workflow.stops.push(request);
      return { done: request.user !== OTTO.id, text: request.on ? "All acts are stopped." : "Acts are on again." };
    },
    findStop: async () => undefined,
    records: [],
    auditOf: async (workload) => {
      workflow.asked = workload ?? "everything";
      return workflow.records;
    },
    openIncidents: async () => workflow.open,
    explain: async () => workflow.explanation,
    judge: async (request) => workflow.judged.push(request) > 0,
    silence: async () => ({ kind: "unknown", similar: [] }),
    silences: async () => [],
    subscribe: async () => ({ kind: "unknown", similar: [] }),
    unsubscribe: async () => ({ kind: "unknown", similar: [] }),
    subscriptions: async () => undefined,
    keepQuiet: async () => {},
    expect: async (request) => {
      workflow.expected.push(request);
      return workflow.expectAnswer;
    },
  };
  return workflow;
}

/** Slack's limits, made short for tests. */
export const quickPace: Pace = {
  ...slackPace,
  postEveryMs: 5,
  editEveryMs: 5,
  sameMessageMs: 5,
  sweepAfterMs: 50,
  retryMs: 5,
  mostRetryMs: 50,
  probeMs: 20,
  mostProbeMs: 50,
  holdMs: 300,
  lookMs: 10,
};

/** What may be looked up, as the same test tells it. */
export function aLook(workflow: Workflow): LookPort {
  return {
    findNamed: async (asked) => workflow.named ?? { kind: "found", key: asked, guessed: false },
    namedIn: async () => [],
    happenedTo: async () => [],
    changesSince: async () => [],
    findIncident: async (id) => workflow.open.find((incident) => incident.id === id),
    findOpenIncident: async (key) => workflow.open.find((incident) => incident.key === key),
    openIncidents: async () => workflow.openIncidents(),
    incidentsSince: async () => [],
    findIncidentAt: async () => undefined,
    pressable: async () => [],
    pools: async () => [],
  };
}

/** A local Slack, the real Bolt on a port, an outbox in a Redis of its own, and a workflow. */
export interface Stage extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly store: Store;
  readonly slack: LocalSlack;
  readonly bot: Bot;
  readonly workflow: Workflow;
  readonly url: string;
  /** Says an incident's headline, and gives where it stands once the outbox is empty. */
  tell(incident: Incident, samples?: readonly Sample[]): Promise<MessageRef>;
  /** What somebody reads in the direct conversation with the app. */
  directTexts(person: string): string[];
  /** As if the process ended: nothing is brought to Slack any more. */
  stopSending(): Promise<void>;
  /** Resolves when the outbox is empty. */
  quiet(): Promise<void>;
}

export async function startStage(
  over: Partial<BotOptions> | ((store: Store) => Partial<BotOptions>) = {},
  slackOver: Partial<LocalSlackOptions> = {},
): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const slack = stack.use(
    await startLocalSlack({
      clock: { now: () => NOON },
      users: [NINA, OTTO, ADA],
      channels: [{ id: CHANNEL, name: "incidents" }],
      signingSecret: SECRET,
      botToken: "xoxb-local",
      patienceMs: 20_000,
      triggerLifetimeMs: 20_000,
      ...slackOver,
    }),
  );
  const redis = stack.use(await startRedis());
  const store = stack.use(connectStore({ url: redis.url, now: () => NOON, log: silentLog }));
  const workflow = aWorkflow();
  // A card that had to be cut, or that Slack refused, is a fault of whoever renders it.
  const cuts: object[] = [];
  stack.defer(() => {
    if (cuts.length > 0) throw new Error(`Cards did not keep Slack's limits: ${JSON.stringify(cuts)}`);
  });
  const bot = await createBot({
    token: "xoxb-local",
    signingSecret: SECRET,
    apiUrl: slack.apiUrl,
    channel: CHANNEL,
    press: () => workflow,
    outbox: store,
    pace: quickPace,
    look: () => aLook(workflow),
    // A busy machine is not what these tests are about.
    answerPatienceMs: 60_000,
    home: (people) =>
      createHome({
        verbs: store,
        cluster: "prod",
        repositories: [{ name: "acme/shop", branch: "main" }],
        policy: aPolicy([NINA.id, ADA.id]),
        people,
        now: () => NOON,
        log: silentLog,
      }),
    report: (people) => createReport({ verbs: store, people, now: () => NOON }),
    now: () => NOON,
    log: {
      ...silentLog,
      error: (fields, message) => void (/cut to Slack's limits|refused a card/.test(message) && cuts.push(fields)),
    },
    ...(typeof over === "function" ? over(store) : over),
  });
  stack.defer(() => bot.close());
  const sending = stack.use(bot.startSending());
  const server = createServer((request, response) => bot.listener?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  slack.setEventsUrl(url);
  bot.start();
  const quiet = () =>
    vi.waitFor(async () => expect(await store.dueLanes(0)).toEqual({ channels: [] }), { timeout: 20_000, interval: 5 });
  const tell = async (incident: Incident, samples: readonly Sample[] = []) => {
    await bot.slack.sayHeadline(incident, NOON, samples);
    await quiet();
    const ref = await store.findMessage(incident.id, "headline");
    if (!ref) throw new Error(`The headline of "${incident.id}" did not arrive`);
    return ref;
  };
  const stopSending = async () => sending[Symbol.asyncDispose]();
  const directTexts = (person: string) =>
    slack.messages(`D${person.slice(1)}`).map(({ versions }) => versions.at(-1)?.text ?? "");
  return {
    slack,
    bot,
    workflow,
    redis,
    store,
    tell,
    directTexts,
    stopSending,
    quiet,
    url,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
