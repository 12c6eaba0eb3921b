import type { Answer, RawRoute } from "#app/http.ts";
import type { Parts, Ready, Role } from "#app/parts.ts";
import { createAlertReceiver } from "#watchers/alerts/receive.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { createBot } from "#bot/bot.ts";
import { createClock } from "#lib/clock.ts";
import { createGitHubReceiver } from "#watchers/github/watch.ts";
import { createPress } from "#workflow/press.ts";
import { runJob } from "#app/jobs.ts";
import { startHttp } from "#app/http.ts";

const wall = createClock();
/** Slack's updates are tier 3: one in about 1.2 s a message. Wall milliseconds. */
const pauseMs = 1_200;

/** The role `serve`: HTTP for Slack, GitHub and alerts, and the queue of what Slack is to show. */
export async function startServer(parts: Parts, others: readonly Ready["ready"][]): Promise<Role & { readonly port: number }> {
  const { environment, file, store, queues, enqueue, clock, log } = parts;
  await using stack = new AsyncDisposableStack();
  const press = createPress({ verbs: { ...store, enqueue }, cluster: file.cluster, approvers: file.slack.approvers, settings: { capMargin: file.capMargin }, now: clock.now });
  const bot = await createBot({
    token: environment.SLACK_BOT_TOKEN,
    signingSecret: environment.SLACK_SIGNING_SECRET,
    apiUrl: environment.SLACK_API_URL,
    channel: file.slack.channel,
    onCall: file.slack.onCall,
    press,
    now: clock.now,
    log,
  });
  stack.defer(() => bot.close());
  const announce = createAnnounce({ verbs: { ...store, ...bot.slack }, now: clock.now, pause: () => wall.sleep(pauseMs) });
  const showPreview = async (data: { incidentId: string; stepId: string; viewId: string; result: Parameters<typeof bot.slack.showPreview>[3] }) => {
    const incident = await store.findIncident(data.incidentId);
    const step = incident?.plan.find((candidate) => candidate.id === data.stepId);
    if (incident && step) await bot.slack.showPreview(data.viewId, incident, step, data.result);
  };
  stack.use(queues.startWorker("slack", 8, (job) => runJob({ announce: ({ incidentId }) => announce(incidentId), "show-preview": showPreview }, job)));
  const checks = [...others, () => bot.ready(), parts.prometheus.ready];
  const http = stack.use(
    await startHttp({
      port: environment.PORT,
      log,
      listeners: { "/slack/events": bot.listener },
      posts: postsOf(parts),
      gets: { "/healthz": async () => ({ status: 200, text: "ok" }), "/readyz": () => readiness(checks) },
    }),
  );
  const started = stack.move();
  return { port: http.port, ready: async () => undefined, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function postsOf({ environment, file, enqueue, clock, log }: Parts): Record<string, RawRoute> {
  const github = createGitHubReceiver({
    secret: environment.GITHUB_WEBHOOK_SECRET,
    log,
    accept: async ({ id, push }) => {
      if (push && file.repositories.some(({ name }) => name === push.repository)) await enqueue("landings", push, { id: `github/${id}` });
    },
  });
  const alerts = (source: "opsgenie" | "alertmanager") =>
    createAlertReceiver({
      source,
      secret: environment.ALERTS_SECRET,
      now: clock.now,
      accept: async (alerts) => {
        const first = alerts[0];
        if (first) await enqueue("alerts", { alerts }, { id: `alerts/${first.id}/${first.status}/${first.at}` });
      },
    });
  return {
    "/github/webhooks": (headers, _url, body) => github(headers, body),
    "/alerts/opsgenie": alerts("opsgenie"),
    "/alerts/alertmanager": alerts("alertmanager"),
  };
}

async function readiness(checks: readonly Ready["ready"][]): Promise<Answer> {
  const problems = (await Promise.all(checks.map((check) => check()))).filter((problem) => problem !== undefined);
  return problems.length === 0 ? { status: 200, text: "ready" } : { status: 503, text: [...new Set(problems)].join("\n") };
}
