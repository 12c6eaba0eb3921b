import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { castOf, channel } from "#sim/demo/cast.ts";
import { createSimClock } from "#sim/clock.ts";
import { startLocalGitHub, type LocalGitHub } from "#sim/github/server.ts";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { startProgram, type Program } from "#sim/demo/program.ts";
import { startRedis } from "#sim/demo/redis.ts";
import { startStorySlack } from "#sim/demo/slack.ts";
import { connectAdmin, grantAccess, objectsOf, type Admin } from "./admin.ts";
import { service } from "./script.ts";
import { startPrometheus } from "./prometheus.ts";
import type { Ground } from "./control-plane.ts";
import type { Story } from "#sim/scenarios/story.ts";

const secrets = { signing: "story-signing", bot: "xoxb-story", webhook: "story-webhook", github: "story-token" };

/** Everything that the story is played on: the cluster, and what stands around it on loopback. */
export interface Stage extends AsyncDisposable {
  readonly admin: Admin;
  readonly slack: LocalSlack;
  readonly github: LocalGitHub;
  readonly program: Program;
  readonly prometheusUrl: string;
}

/** Applies the workloads and waits until the autoscaler reads a usage. */
export async function prepare(ground: Ground): Promise<Admin> {
  const admin = connectAdmin(ground.kubeconfig);
  await admin.apply(objectsOf(ground.manifest));
  for (const until = Date.now() + 300_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 2_000))) {
    const [{ status }, { status: scaler }] = await Promise.all([
      admin.apps.readNamespacedDeployment(service),
      admin.autoscaling.readNamespacedHorizontalPodAutoscaler(service),
    ]);
    if (scaler?.currentMetrics?.[0]?.resource?.current.averageUtilization && status?.readyReplicas === status?.replicas)
      return admin;
  }
  throw new Error("Cannot begin: the autoscaler does not read the service's usage after five minutes");
}

/** Starts Prometheus, Slack, GitHub, Redis and the program, with no more rights in the cluster than its service account. */
export async function setStage(story: Story, admin: Admin, ground: Ground): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "k8s-why-real-"));
  const prometheus = stack.use(await startPrometheus(ground.target, folder));
  stack.defer(() => rm(join(folder, "prometheus"), { recursive: true, force: true, maxRetries: 5 }));
  const { users, onCall, second } = castOf(story);
  const slack = stack.use(await startStorySlack({ clock: createSimClock(), users, secrets }));
  const github = stack.use(await startLocalGitHub({ token: secrets.github, repositories: [story.repository] }));
  const redis = stack.use(await startRedis());
  const { fullName: name, branch } = story.repository;
  const configuration = {
    cluster: "real",
    slack: { channel, approvers: [onCall.id, second.id], onCall: [onCall.id] },
    repositories: [{ name, branch }],
  };
  await writeFile(join(folder, "k8s-why.yaml"), JSON.stringify(configuration));
  const environment = {
    KUBECONFIG: await grantAccess(admin, service.namespace, folder),
    K8S_WHY_CONFIG: join(folder, "k8s-why.yaml"),
    REDIS_URL: redis.url,
    SLACK_BOT_TOKEN: secrets.bot,
    SLACK_SIGNING_SECRET: secrets.signing,
    SLACK_API_URL: slack.apiUrl,
    GITHUB_WEBHOOK_SECRET: secrets.webhook,
    GITHUB_TOKEN: secrets.github,
    GITHUB_API_URL: github.url,
    PROMETHEUS_URL: prometheus.url,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "info",
  };
  const program = stack.use(await startProgram({ environment, logFile: join(folder, "program.log") }));
  slack.setEventsUrl(`${program.url}/slack/events`);
  github.pointAt({ url: `${program.url}/github/webhooks`, secret: secrets.webhook });
  const all = stack.move();
  return { admin, slack, github, program, prometheusUrl: prometheus.url, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
