import { ownObjects } from "#sim/scenarios/manifests.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commit, RepositoryData } from "#sim/github/types.ts";
import type { Message } from "#sim/slack/types.ts";
import { channel } from "#sim/demo/cast.ts";
import { connectStore, type Store } from "#store/store.ts";
import { createSimClock, formatClock, type SimClock } from "#sim/clock.ts";
import { findHeadlines } from "#sim/demo/headline.ts";
import { lastLines, startProgram, type Program } from "#sim/demo/program.ts";
import { author, namespace, opening, repository, repositoryName, shopObjects, templateOf } from "./small-shop.ts";
import { silentLog } from "#lib/log.ts";
import { startGate, type Gate } from "./gate.ts";
import { startLocalGitHub, type LocalGitHub } from "#sim/github/server.ts";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { startStorySlack } from "#sim/demo/slack.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";
import { startSimulatedCluster, type Manifest, type SimulatedCluster } from "#sim/cluster/cluster.ts";

/** What the program is told to take for genuine. */
export const secrets = {
  signing: "signing",
  bot: "xoxb-test",
  webhook: "webhook",
  github: "token",
  alerts: "alerts",
  changes: "changes",
};

const onCallUser = { id: "U0ONCALL", name: "nina", realName: "Nina Duty", email: "nina@acme.example" };
/** Says yes where it takes two. */
const secondUser = { id: "U0SECOND", name: "otto", realName: "Otto Other", email: "otto@acme.example" };
/** In Slack under the address that is on the commits. */
const authorUser = { id: "U0AUTHOR", name: author.login, realName: author.name, email: author.email };

/** The program in its own process, and around it everything that it talks to. */
export interface World extends AsyncDisposable {
  readonly clock: SimClock;
  readonly cluster: SimulatedCluster;
  readonly slack: LocalSlack;
  readonly github: LocalGitHub;
  readonly redis: TestRedis;
  /** The way to Prometheus. */
  readonly prometheus: Gate;
  readonly program: Program;
  /** The program's own memory, read from beside it. */
  readonly store: Store;
  readonly headlines: () => Message[];
  /** The commit lands, and is rolled out with requests that cost four times as much. */
  rollOut(commit: Commit): Promise<void>;
  /** The same of a commit that has landed. */
  rollOutOnly(commit: Commit): void;
  /** Lines at the end of the program's log. */
  log(count?: number): Promise<string>;
}

export interface WorldOptions {
  /** The workload's; `it` without one. */
  readonly name?: string;
  /** Clock seconds a second. */
  readonly rate?: number;
  /** Instead of that workload. */
  readonly objects?: readonly Manifest[];
  /** Nodes at the start and at most. */
  readonly nodes?: readonly [number, number];
  /** How often Redis writes its log to disk; `always` without it. */
  readonly fsync?: "always" | "everysec";
  /** Instead of the small shop's. */
  readonly repositories?: readonly RepositoryData[];
  /** More settings under `slack`, more channels and more of the environment. */
  readonly settings?: object;
  readonly channels?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts everything, and the program last; resolves once that is ready. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { name = "it", rate = 60, objects = shopObjects(name), repositories = [repository] } = options;
  const [nodes, maxNodes] = options.nodes ?? [4, 40];
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "why-story-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const setting = formatClock(Date.now(), opening, rate);
  const clock = createSimClock(setting);
  const redis = stack.use(await startRedis({ persistent: options.fsync === "everysec" ? "everysec" : true }));
  const cluster = stack.use(
    await startSimulatedCluster({ clock, seed: 1, nodes, maxNodes, objects: [...ownObjects(), ...objects] }),
  );
  const prometheus = stack.use(await startGate(cluster.prometheusUrl));
  const users = [onCallUser, secondUser, authorUser];
  const channels = (options.channels ?? []).map((id) => ({ id, name: id.toLowerCase() }));
  const slack = stack.use(await startStorySlack({ clock, users, secrets, channels }));
  const github = stack.use(await startLocalGitHub({ token: secrets.github, repositories, rateLimit: 1_000_000 }));
  await writeFile(join(folder, "kubeconfig.yaml"), cluster.kubeconfig);
  await writeFile(join(folder, "k8s-why.yaml"), configuration(repositories, options.settings));
  const environment = {
    REDIS_URL: redis.url,
    KUBECONFIG: join(folder, "kubeconfig.yaml"),
    K8S_WHY_CONFIG: join(folder, "k8s-why.yaml"),
    K8S_WHY_CLOCK: setting,
    SLACK_BOT_TOKEN: secrets.bot,
    SLACK_SIGNING_SECRET: secrets.signing,
    SLACK_API_URL: slack.apiUrl,
    GITHUB_WEBHOOK_SECRET: secrets.webhook,
    GITHUB_TOKEN: secrets.github,
    GITHUB_API_URL: github.url,
    PROMETHEUS_URL: prometheus.url,
    ALERTS_SECRET: secrets.alerts,
    K8S_WHY_CHANGES_TOKEN: secrets.changes,
    ...options.environment,
  };
  const program = stack.use(await startProgram({ environment, logFile: join(folder, "program.log") }));
  slack.setEventsUrl(`${program.url}/slack/events`);
  github.pointAt({ url: `${program.url}/github/webhooks`, secret: secrets.webhook });
  const store = stack.use(connectStore({ url: redis.url, now: clock.now, log: silentLog }));
  const all = stack.move();
  const rollOutOnly = ({ sha }: Commit) => {
    const spec = { template: templateOf(sha, 0.04) };
    cluster.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec });
  };
  return {
    clock, cluster, slack, github, redis, prometheus, program, store,
    headlines: () => findHeadlines(slack.messages(channel)),
    rollOut: async (commit) => {
      await github.push(repositoryName, [commit]);
      rollOutOnly(commit);
    },
    rollOutOnly,
    log: (count = 40) => lastLines(program.logFile, count),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }; // prettier-ignore
}

/** YAML is JSON too. */
function configuration(data: readonly RepositoryData[], settings: object = {}): string {
  const { id } = onCallUser;
  const repositories = data.map(({ fullName: name, branch }) => ({ name, branch }));
  const slack = { channel, approvers: [id, secondUser.id], onCall: [id], ...settings };
  return JSON.stringify({ cluster: "test", slack, repositories });
}
