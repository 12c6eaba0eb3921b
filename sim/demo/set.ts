import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createSimClock, formatClock, type SimClock } from "#sim/clock.ts";
import { startSimulatedCluster, type SimulatedCluster } from "#sim/cluster/cluster.ts";
import { startLocalGitHub, type LocalGitHub } from "#sim/github/server.ts";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { ownObjects } from "#sim/scenarios/manifests.ts";
import { postpone } from "#sim/scenarios/postpone.ts";
import { castOf, channel } from "./cast.ts";
import { startProgram, type Program } from "./program.ts";
import { startStorySlack } from "./slack.ts";
import type { DemoRedis } from "./redis.ts";
import type { Story, StoryName } from "#sim/scenarios/story.ts";

const secrets = {
  signing: "demo-signing-secret",
  bot: "xoxb-demo",
  webhook: "demo-webhook-secret",
  github: "demo-token",
  alerts: "demo-alerts-secret",
};

/** Stories in whose workspace Slack's own chart is not there yet: it came to one after the other. */
export const withoutCharts: readonly StoryName[] = ["traffic-surge", "two-suspects", "ceiling-hit"];

/** Everything that a story is played on. */
export interface StorySet extends AsyncDisposable {
  /** Postponed by the minutes that it took to start the program. */
  readonly story: Story;
  readonly clock: SimClock;
  readonly cluster: SimulatedCluster;
  readonly slack: LocalSlack;
  readonly github: LocalGitHub;
  readonly program: Program;
  readonly alerts: { readonly url: string; readonly secret: string };
  /** Where the program's log is; kept when `keepLog` was called. */
  keepLog(): string;
}

/** Starts cluster, Slack, GitHub and the production program, on one clock that begins with the story. */
export async function startSet(story: Story, redis: DemoRedis, speed: number): Promise<StorySet> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "k8s-why-demo-"));
  let keep = false;
  stack.defer(async () => {
    if (!keep) await rm(folder, { recursive: true, force: true });
  });
  const setting = formatClock(Date.now(), story.startsAt, speed);
  const clock = createSimClock(setting);
  const world = await startWorld(story, clock, stack);
  await writeFile(join(folder, "kubeconfig.yaml"), world.cluster.kubeconfig);
  await writeFile(join(folder, "k8s-why.yaml"), configurationOf(story));
  const environment = {
    ...environmentOf(world, folder),
    ...(await recordingsOf(story)),
    REDIS_URL: redis.url,
    K8S_WHY_CLOCK: setting,
  };
  const program = stack.use(await heldBack(story, clock, world.cluster, { environment, logFile: join(folder, "program.log") }));
  world.slack.setEventsUrl(`${program.url}/slack/events`);
  world.github.pointAt({ url: `${program.url}/github/webhooks`, secret: secrets.webhook });
  const late = Math.max(0, (clock.now() - story.startsAt) / 60_000);
  world.cluster.postpone(late * 60_000);
  const all = stack.move();
  const keepLog = () => {
    keep = true;
    return program.logFile;
  };
  const alerts = { url: `${program.url}/alerts/opsgenie`, secret: secrets.alerts };
  return {
    story: postpone(story, late),
    clock,
    ...world,
    program,
    alerts,
    keepLog,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Starts the program; until it is there the cluster's own schedules stand still: under load that takes longer than the calm lasts. */
async function heldBack(
  { startsAt }: Story,
  clock: SimClock,
  cluster: SimulatedCluster,
  options: Parameters<typeof startProgram>[0],
): Promise<Program> {
  const hold = setInterval(() => cluster.postpone(Math.max(0, clock.now() - startsAt)), 50);
  try {
    return await startProgram(options);
  } finally {
    clearInterval(hold);
  }
}

type World = Pick<StorySet, "cluster" | "slack" | "github">;

async function startWorld(story: Story, clock: SimClock, stack: AsyncDisposableStack): Promise<World> {
  const { nodes, maxNodes, objects, databases, seed, nodeSeconds } = story;
  const nodeDelay = nodeSeconds === undefined ? {} : { nodeDelay: nodeSeconds * 1_000 };
  const all = [...ownObjects(), ...objects];
  const cluster = stack.use(await startSimulatedCluster({ clock, seed, nodes, maxNodes, objects: all, databases, ...nodeDelay }));
  const takesCharts = !withoutCharts.includes(story.name);
  const slack = stack.use(await startStorySlack({ clock, users: castOf(story).users, secrets, takesCharts }));
  const github = stack.use(await startLocalGitHub({ token: secrets.github, repositories: [story.repository] }));
  return { cluster, slack, github };
}

function environmentOf({ cluster, slack, github }: World, folder: string): Record<string, string> {
  return {
    KUBECONFIG: join(folder, "kubeconfig.yaml"),
    K8S_WHY_CONFIG: join(folder, "k8s-why.yaml"),
    SLACK_BOT_TOKEN: secrets.bot,
    SLACK_SIGNING_SECRET: secrets.signing,
    SLACK_API_URL: slack.apiUrl,
    GITHUB_WEBHOOK_SECRET: secrets.webhook,
    GITHUB_TOKEN: secrets.github,
    GITHUB_API_URL: github.url,
    PROMETHEUS_URL: cluster.prometheusUrl,
    ALERTS_SECRET: secrets.alerts,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "info",
  };
}

/** Where `K8S_WHY_RECORDINGS` names a folder, the story has its own in it, with the answer beside what is recorded. */
async function recordingsOf({ name, seed, service, truth }: Story): Promise<Record<string, string>> {
  const folder = process.env["K8S_WHY_RECORDINGS"];
  if (!folder) return {};
  const own = join(resolve(folder), `${name}-${seed}`);
  const sha = truth.kind === "nobody" ? undefined : truth.sha;
  const object = truth.kind === "config" ? truth.object : undefined;
  await mkdir(own, { recursive: true });
  await writeFile(
    join(own, "answer.json"),
    JSON.stringify({ workload: `demo/${service.namespace}/${service.name}`, sha, object }),
  );
  return { K8S_WHY_RECORDINGS: own };
}

/** The smallest `k8s-why.yaml` that does: where to speak, who may press, who people are, which repository. Everything else is the defaults. */
function configurationOf(story: Story): string {
  const { onCall, roles } = castOf(story);
  const approvers = roles.filter(({ approves }) => approves).map(({ user }) => user.id);
  const { fullName: name, branch } = story.repository;
  // CODEOWNERS names people by their logins at GitHub, which Slack does not know.
  const people = Object.fromEntries(roles.map(({ user }) => [user.name, user.id]));
  const slack = { channel, approvers, onCall: [onCall.id], people };
  return `${JSON.stringify({ cluster: "demo", slack, repositories: [{ name, branch }] }, undefined, 2)}\n`;
}
