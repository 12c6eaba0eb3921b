import { chain } from "#sim/github/commit.ts";
import { channel } from "#sim/demo/cast.ts";
import { namespaceOf, trafficFor } from "#sim/scenarios/manifests.ts";
import type { Commit, RepositoryData } from "#sim/github/types.ts";
import type { Manifest } from "#sim/cluster/cluster.ts";
import { head, milliseconds, percentile, row } from "./percentile.ts";
import { aCommit, namespace, opening, repositoryName, templateOf } from "#test/story/small-shop.ts";
import { startWorld, type World } from "#test/story/world.ts";

const workloads = 50;
const replicas = 30;
const goalMs = 500;
/** Wall milliseconds from one to the next: Slack takes one post a second in a channel, and each incident posts a few. */
const spacingMs = 6_000;
const hourMs = 3_600_000;

/** Workloads are scaled up one by one, by hand; each is timed from the write's answer to the request that posts its headline. */
export async function benchIncidents(): Promise<string> {
  const commits = landings();
  const repository: RepositoryData = { fullName: repositoryName, branch: "main", commits };
  const objects = [namespaceOf(namespace), ...Array.from({ length: workloads }, (_, index) => objectsOf(index, commits)).flat()];
  // Fifty in five minutes would be a storm, with one message for all.
  const settings = { storm: { incidents: 0 } };
  const given = { objects, nodes: [80, 400], repositories: [repository], settings } as const;
  await using world = await startWorld({ rate: 1, fsync: "everysec", ...given });
  const times: number[] = [];
  for (let index = 0; index < workloads; index += 1) {
    const due = performance.now() + spacingMs;
    const took = await untilTold(world, nameOf(index));
    // The first finds code that was never run.
    if (index > 0) times.push(took);
    world.cluster.store.delete("apps/v1/deployments", namespace, nameOf(index));
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  }
  const memory = ((await world.program.memory()) ?? Number.NaN) / 1024 / 1024;
  return [
    `${workloads} Deployments of ${replicas} pods on 80 nodes, each scaled to ${3 * replicas} by hand ${spacingMs / 1000} s after the one before; the first is not counted; detection, diagnosis (Prometheus, a range of commits and a diff from GitHub) and headline on the way`,
    "",
    head("incidents", "p50", "p99", "longest", "goal p99", "RSS"),
    row(times.length, ...[percentile(times, 0.5), percentile(times, 0.99), Math.max(...times), goalMs].map(milliseconds), `${memory.toFixed(0)} MB`),
  ].join("\n"); // prettier-ignore
}

function nameOf(index: number): string {
  return `service-${index}`;
}

/** Two landings a workload, hours ago: what runs, and what ran before. */
function landings(): Commit[] {
  return chain(
    undefined,
    Array.from({ length: 2 * workloads }, (_, index) => {
      const path = `services/${nameOf(index >> 1)}/main.ts`;
      const patch = "@@ -1,2 +1,3 @@\n one\n+two\n three";
      const files = [{ path, status: "modified" as const, additions: 1, deletions: 0, patch }];
      return aCommit({ at: opening - 40 * hourMs + index * 60_000, message: `feat: change ${path}`, files });
    }),
  );
}

/** A Deployment that was rolled out an hour ago, and the revision before. */
function objectsOf(index: number, commits: readonly Commit[]): Manifest[] {
  const name = nameOf(index);
  const templates = [2 * index, 2 * index + 1].map((at) => labelled(name, templateOf(commits[at]?.sha ?? "", 0.01)));
  const [before, now] = templates;
  const labels = { app: name };
  const revision = (number: number, hours: number, template: unknown): Manifest => ({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${number}`,
      namespace,
      labels,
      creationTimestamp: `${new Date(opening - hours * hourMs).toISOString().slice(0, 19)}Z`,
      annotations: { "deployment.kubernetes.io/revision": String(number) },
    },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  });
  const annotations = {
    "load/requests-per-second": String(trafficFor(replicas)),
    "deployment.kubernetes.io/revision": "2",
  };
  const deployment: Manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels, annotations },
    spec: { replicas, selector: { matchLabels: labels }, template: now },
  };
  return [deployment, revision(1, 48, before), revision(2, 1, now)];
}

function labelled(app: string, { metadata, spec }: ReturnType<typeof templateOf>) {
  return { metadata: { ...metadata, labels: { app } }, spec };
}

/** Scales up over the API, and waits for the post that names it. Milliseconds. */
async function untilTold({ cluster, slack }: World, name: string): Promise<number> {
  const told = Promise.withResolvers<number>();
  const watching = slack.onChange((change) => {
    if (change.kind !== "message") return;
    const [first] = slack.messages(channel).find(({ ts }) => ts === change.ts)?.versions ?? [];
    if (first?.text.includes(`/${name} `)) told.resolve(performance.now());
  });
  const patient = setTimeout(() => told.reject(new Error(`Cannot measure: nothing was said of "${name}" in a minute`)), 60_000);
  const response = await fetch(`${cluster.url}/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ spec: { replicas: 3 * replicas } }),
  });
  const answered = performance.now();
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`Cannot scale "${name}": the API server answered ${response.status}`);
  const took = (await told.promise) - answered;
  clearTimeout(patient);
  watching[Symbol.dispose]();
  return took;
}
