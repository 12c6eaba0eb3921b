import { autoscalerOf, namespaceOf, trafficFor } from "#sim/scenarios/manifests.ts";
import { chain } from "#sim/github/commit.ts";
import type { Commit, NewCommit, Person, RepositoryData } from "#sim/github/types.ts";
import type { Manifest } from "#sim/cluster/cluster.ts";

/** When the tests' shop opens, clock milliseconds. */
export const opening = Date.UTC(2026, 2, 4, 13);
export const namespace = "shop";
export const repositoryName = "acme/shop";
const usualReplicas = 12;
const hourMs = 3_600_000;

export const author: Person = { name: "Ada Author", email: "ada@acme.example", login: "ada" };

/** A commit that changes nothing that matters. */
export function aCommit(over: Partial<NewCommit> = {}): NewCommit {
  const files = [{ path: "docs/readme.md", status: "modified" as const, additions: 1, deletions: 1 }];
  return { author, at: opening, message: "docs: say it better", files, ...over };
}

const history = chain(
  undefined,
  [60, 48, 30, 20, 9].map((hours) => aCommit({ at: opening - hours * hourMs, message: `docs: ${hours} hours before` })),
);

/** Some harmless landings; the last of them is what runs. */
export const repository: RepositoryData = { fullName: repositoryName, branch: "main", commits: history };

/** The commit that comes next. */
export function landingOf(over: Partial<NewCommit>): Commit {
  const [commit] = chain(history.at(-1)?.sha, [aCommit(over)]);
  if (!commit) throw new Error("Cannot make a landing of nothing");
  return commit;
}

/** What a Deployment's template says for code of a commit. */
export function templateOf(sha: string, costSeconds: number) {
  const resources = { requests: { cpu: "200m", memory: "256Mi" }, limits: { cpu: "400m", memory: "512Mi" } };
  return {
    metadata: { labels: { app: "it" }, annotations: { "load/cpu-per-request": String(costSeconds) } },
    spec: { containers: [{ name: "app", image: `registry.example/shop:${sha}`, resources }] },
  };
}

/** A namespace with one workload of twelve pods and its autoscaler. */
export function shopObjects(name: string): Manifest[] {
  const running = history.at(-1)?.sha ?? "";
  const annotations = {
    "load/requests-per-second": String(trafficFor(usualReplicas)),
    "k8s-why.dev/repository": repositoryName,
    "k8s-why.dev/paths": "services/it/",
  };
  const deployment: Manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { app: "it" }, annotations },
    spec: {
      replicas: usualReplicas,
      selector: { matchLabels: { app: "it" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: templateOf(running, 0.01),
    },
  };
  const of = { namespace, name, replicas: usualReplicas, requestsPerSecond: 0, image: "", revision: 1, swing: 0 };
  return [namespaceOf(namespace), deployment, autoscalerOf({ ...of, autoscaler: { min: 4, max: 400 } })];
}
