import type { Deployment, ReplicaSet } from "./kinds.ts";
import { hashLabel, hashOfTemplate, withHash } from "./template-hash.ts";
import { ownedBy, type World } from "./world.ts";

/** Annotations that a Deployment keeps on its ReplicaSets. */
export const annotation = {
  revision: "deployment.kubernetes.io/revision",
  history: "deployment.kubernetes.io/revision-history",
  desired: "deployment.kubernetes.io/desired-replicas",
  max: "deployment.kubernetes.io/max-replicas",
} as const;

const notCopied = new Set<string>([
  ...Object.values(annotation),
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
]);

/** Who writes what the controllers of kube-controller-manager write. */
export const controllerManager = "kube-controller-manager";

/** The revision number of a ReplicaSet, 0 without one. */
export function revisionOf(replicaSet: ReplicaSet): number {
  return Number(replicaSet.metadata.annotations?.[annotation.revision] ?? 0) || 0;
}

/** The ReplicaSet that runs the Deployment's template, and the others, both as stored. */
export function splitReplicaSets(world: World, deployment: Deployment): { fresh: ReplicaSet | undefined; old: ReplicaSet[] } {
  const wanted = hashOfTemplate(deployment.spec.template);
  const all = [...world.index.replicaSetsOf.of(deployment.metadata.uid).values()];
  const equal = all.filter(({ spec }) => hashOfTemplate(spec.template) === wanted);
  const fresh = equal.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))[0];
  return { fresh, old: all.filter((replicaSet) => replicaSet !== fresh) };
}

/** Gives the ReplicaSet of the current template the highest revision number and the Deployment's annotations. */
export function renumber(world: World, deployment: Deployment, fresh: ReplicaSet, old: readonly ReplicaSet[]): void {
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  const { namespace, name } = fresh.metadata;
  world.store.modify("apps/v1/replicasets", namespace, name, (object) => {
    const before = object.metadata.annotations ?? {};
    const annotations = { ...before, ...copied(deployment), ...numbered(before, revision) };
    return { ...object, metadata: { ...object.metadata, annotations } };
  });
  writeRevision(world, deployment, Math.max(revision, revisionOf(fresh)));
}

function copied(deployment: Deployment): Record<string, string> {
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !notCopied.has(key)));
}

function numbered(before: Readonly<Record<string, string>>, revision: number): Record<string, string> {
  const last = before[annotation.revision];
  if (Number(last ?? 0) >= revision) return {};
  const history = [before[annotation.history], last].filter(Boolean).join(",");
  return { [annotation.revision]: String(revision), ...(history ? { [annotation.history]: history } : {}) };
}

function writeRevision(world: World, deployment: Deployment, revision: number): void {
  const { namespace, name } = deployment.metadata;
  world.store.modify(
    "apps/v1/deployments",
    namespace,
    name,
    (object) => {
      if (object.metadata.annotations?.[annotation.revision] === String(revision)) return undefined;
      const annotations = { ...object.metadata.annotations, [annotation.revision]: String(revision) };
      return { ...object, metadata: { ...object.metadata, annotations } };
    },
    controllerManager,
  );
}

/** Creates the ReplicaSet of the Deployment's template, next in number, of that size. */
export function createReplicaSet(world: World, deployment: Deployment, size: number, max: number): ReplicaSet {
  const { index, store } = world;
  const { metadata, spec } = deployment;
  const hash = hashOfTemplate(spec.template);
  const others = [...index.replicaSetsOf.of(metadata.uid).values()].map(revisionOf);
  // A Deployment that comes with a higher number, as at the start of a story, keeps it.
  const number = Math.max(Number(metadata.annotations?.[annotation.revision] ?? 0) || 0, Math.max(0, ...others) + 1);
  const template = withHash(spec.template, hash);
  const annotations = {
    ...copied(deployment),
    [annotation.revision]: String(number),
    [annotation.desired]: String(spec.replicas),
    [annotation.max]: String(max),
  };
  const created = store.create("apps/v1/replicasets", {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace,
      labels: template.metadata?.labels ?? {},
      annotations,
      ownerReferences: ownedBy(deployment),
    },
    spec: { replicas: size, selector: { matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } }, template },
    status: { replicas: 0 },
  });
  writeRevision(world, deployment, number);
  return created as ReplicaSet;
}
