import { autoscalerOf, budgetOf, deploymentOf, namespaceOf, priorityClassOf, replicaSetOf } from "./manifests.ts";
import type { Person, RepositoryData } from "#sim/github/types.ts";
import type { Scene } from "./scene.ts";
import type { Manifest } from "./story.ts";

/** Everything that stands in the cluster when the story starts. */
export function objectsOf(scene: Scene, more: readonly Manifest[] = []): Manifest[] {
  const all = [scene.service, ...scene.others];
  const long = scene.startsAt - 90 * 86_400_000;
  return [
    // As every cluster has them.
    priorityClassOf(
      "system-cluster-critical",
      2_000_000_000,
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
      long,
    ),
    priorityClassOf(
      "system-node-critical",
      2_000_001_000,
      "Used for system critical pods that must not be moved from their current node.",
      long,
    ),
    ...more.filter(({ kind }) => kind === "PriorityClass"),
    namespaceOf(scene.place.namespace),
    ...scene.past.map(replicaSetOf),
    ...all.map(deploymentOf),
    ...all.flatMap((spec) => (spec.autoscaler ? [autoscalerOf({ ...spec, autoscaler: spec.autoscaler })] : [])),
    budgetOf(scene.place.namespace, scene.place.service),
    ...more.filter(({ kind }) => kind !== "PriorityClass"),
  ];
}

/** The repository as GitHub knows it before the first minute. */
export function repositoryOf(scene: Scene, before: number): RepositoryData {
  const { place, people, branch } = scene;
  const owners = [
    "* @platform",
    `/services/${place.service}/ @${(people[1] as Person).login} @${(people[2] as Person).login}`,
    "/infra/ @platform",
    "",
  ].join("\n");
  const deployments = scene.past
    .toSorted((a, b) => a.at - b.at)
    .map(({ sha, at, workload }) => ({ sha, ref: "main", environment: `production/${workload}`, at, by: people[0] as Person }));
  return {
    fullName: place.repository,
    branch: "main",
    commits: branch.commits.slice(0, before),
    contents: { ".github/CODEOWNERS": owners },
    deployments,
  };
}
