import { randomUUID } from "node:crypto";
import type { Answer, RawRoute } from "#app/http.ts";
import type { Parts, Ready, Role } from "#app/parts.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import { createAlertReceiver } from "#watchers/alerts/receive.ts";
import { type Bot, createBot } from "#bot/bot.ts";
import { createChangesReceiver } from "#watchers/changes/receive.ts";
import { digestOf } from "#lib/digest.ts";
import { createGitHubReceiver } from "#watchers/github/watch.ts";
import { createPictureJobs } from "#workflow/picture.ts";
import { createTell } from "#workflow/tell.ts";
import { tellSettingsOf } from "#app/config/tell.ts";
import { createPress } from "#workflow/press.ts";
import { createReport } from "#workflow/report.ts";
import { createShowPreview } from "#workflow/show-preview.ts";
import { createTelling } from "#app/telling.ts";
import { isSigned, signatureOf } from "#lib/signature.ts";
import { homeOf } from "#app/home.ts";
import { lookOf } from "#app/look.ts";
import { runJob } from "#app/jobs.ts";
import { startHttp } from "#app/http.ts";
import { usualOf } from "#analysis/detect.ts";
import type { WorkloadKey } from "#domain/workload.ts";

/** Slack looks at a new file for a second or two. Wall milliseconds. */
const pictureSettleMs = 3_000;

/** The role `serve`: HTTP for Slack, GitHub and alerts, and the queue of what Slack is to show. */
export async function startServer(parts: Parts, others: readonly Ready["ready"][]): Promise<Role & { readonly port: number }> {
  const { environment, store, queues, clock, log } = parts;
  await using stack = new AsyncDisposableStack();
  const bot = await createBotOf(parts);
  stack.defer(() => bot.close());
  const verbs = { ...store, ...bot.slack };
  const picturing = { ...verbs, ...bot.pictures, enqueue: parts.enqueue };
  const table = {
    ...createTelling(parts, bot),
    "show-preview": createShowPreview(verbs, clock.now),
    ...createPictureJobs({ verbs: picturing, now: clock.now, settleMs: pictureSettleMs * clock.rate }),
  };
  stack.use(bot.startSending());
  stack.use(queues.startWorker("slack", 8, (job) => runJob(table, job)));
  const checks = [...others, async () => queues.ready(), () => bot.ready(), parts.prometheus.ready];
  const http = stack.use(
    await startHttp({
      port: environment.PORT,
      log,
      listeners: bot.listener ? { "/slack/events": bot.listener } : {},
      posts: postsOf(parts),
      gets: { "/healthz": async () => ({ status: 200, text: "ok" }), "/readyz": () => readiness(checks) },
    }),
  );
  bot.start();
  const started = stack.move();
  return { port: http.port, ready: async () => undefined, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function createBotOf(parts: Parts): Promise<Bot> {
  const { environment, file, keys, policy, store, enqueue, clock, log } = parts;
  const settings = { capMargin: file.capMargin };
  const usual = async (key: WorkloadKey) => {
    const baseline = (await store.loadBaselines(file.cluster)).find((held) => held.workload === key);
    return baseline && usualOf(baseline, clock.now()).replicas;
  };
  const { channel, administrators, chart } = file.slack;
  return createBot({
    token: environment.SLACK_BOT_TOKEN,
    signingSecret: environment.SLACK_SIGNING_SECRET,
    apiUrl: environment.SLACK_API_URL,
    appToken: environment.SLACK_APP_TOKEN,
    channel,
    tell: (people) => tellOf(parts, people),
    administrators,
    chart,
    outbox: store,
    groups: [...new Set(policy.rules.flatMap(({ groups }) => groups))],
    press: (people) =>
      createPress({
        verbs: { ...store, enqueue, usualOf: usual },
        cluster: file.cluster,
        policy,
        people,
        settings,
        sign: (value) => signatureOf(value, keys.signing),
        isSigned: (value, signature) => isSigned(value, signature, keys.signing),
        nonce: randomUUID,
        now: clock.now,
        log,
      }),
    look: (people) => lookOf(parts, people),
    home: (people) => homeOf(parts, people),
    report: (people) => createReport({ verbs: store, people, now: clock.now }),
    now: clock.now,
    log,
  });
}

function tellOf({ store, github, onCall, file, log }: Parts, people: PeoplePort) {
  const verbs = { ...store, owners: github.owners, onCall: onCall.onCall };
  return createTell({ verbs, settings: tellSettingsOf(file.slack), people, log });
}

function postsOf({ environment, file, enqueue, clock, log }: Parts): Record<string, RawRoute> {
  const github = createGitHubReceiver({
    secret: environment.GITHUB_WEBHOOK_SECRET,
    log,
    accept: async ({ id, push }) => {
      if (push && file.repositories.some(({ name }) => name === push.repository))
        await enqueue("landings", push, { id: `github/${id}` });
    },
  });
  const alerts = (source: "opsgenie" | "alertmanager") =>
    createAlertReceiver({
      source,
      secret: environment.ALERTS_SECRET,
      now: clock.now,
      accept: async (alerts) => {
        if (alerts.length > 0) await enqueue("alerts", { alerts }, { id: `alerts/${digestOf(alerts)}` });
      },
    });
  const changes = createChangesReceiver({
    token: environment.K8S_WHY_CHANGES_TOKEN,
    cluster: file.cluster,
    now: clock.now,
    log,
    accept: async (told) => {
      await Promise.all(told.map(({ id, change }) => enqueue("changes", { changes: [change] }, { id })));
    },
  });
  return {
    "/changes": changes,
    "/github/webhooks": (headers, _url, body) => github(headers, body),
    "/alerts/opsgenie": alerts("opsgenie"),
    "/alerts/alertmanager": alerts("alertmanager"),
  };
}

async function readiness(checks: readonly Ready["ready"][]): Promise<Answer> {
  const problems = (await Promise.all(checks.map((check) => check()))).filter((problem) => problem !== undefined);
  return problems.length === 0 ? { status: 200, text: "ready" } : { status: 503, text: [...new Set(problems)].join("\n") };
}
