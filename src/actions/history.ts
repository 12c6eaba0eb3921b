import { isDeepStrictEqual } from "node:util";
import { listReplicaSets, readDeployment } from "#clients/kubernetes/api.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeDeployment, KubePodTemplate, KubeReplicaSet, KubeSelector } from "#clients/kubernetes/objects.ts";

const hashLabel = "pod-template-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";

/** A pod template that a Deployment runs or ran. */
export interface Revision {
  readonly revision: number;
  readonly templateHash: string;
  /** Without the hash label: as it stands in the Deployment. */
  readonly template: KubePodTemplate;
}

/** A Deployment with its revisions, newest first. */
export interface History {
  readonly deployment: KubeDeployment;
  /** Undefined while the controller has not yet seen the template that is wanted now. */
  readonly current: Revision | undefined;
  readonly revisions: readonly Revision[];
}

/** Reads a Deployment and what it ran, as `kubectl rollout history` does; undefined when it is gone. */
export async function readHistory(connection: KubeConnection, namespace: string, name: string): Promise<History | undefined> {
  const deployment = await readDeployment(connection, namespace, name);
  if (!deployment) return undefined;
  const sets = await listReplicaSets(connection, namespace, toLabelSelector(deployment.spec.selector));
  const revisions = sets
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === deployment.metadata.uid),
    )
    .map(toRevision)
    .filter((revision) => revision !== undefined)
    .sort((a, b) => b.revision - a.revision);
  const current = revisions.find(({ template }) => isSameTemplate(template, deployment.spec.template));
  return { deployment, current, revisions };
}

function toRevision({ metadata, spec }: KubeReplicaSet): Revision | undefined {
  const revision = Number(metadata.annotations?.[revisionAnnotation]);
  const templateHash = metadata.labels?.[hashLabel];
  if (!(revision > 0) || templateHash === undefined || !spec.template) return undefined;
  return { revision, templateHash, template: withoutHash(spec.template) };
}

function withoutHash(template: KubePodTemplate): KubePodTemplate {
  const labels = Object.fromEntries(Object.entries(template.metadata?.labels ?? {}).filter(([label]) => label !== hashLabel));
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Equal but for the order of keys: how the Deployment controller tells whether a ReplicaSet is the current one. */
export function isSameTemplate(left: KubePodTemplate, right: KubePodTemplate): boolean {
  return isDeepStrictEqual(plain(left), plain(right));
}

/** As the server would store it: no absent, null or empty parts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => (isAbsent(inner) ? [] : [[key, plain(inner)] as const]));
  return Object.fromEntries(entries);
}

function isAbsent(value: unknown): boolean {
  if (typeof value !== "object") return value === undefined;
  return value === null || (!Array.isArray(value) && Object.keys(value).length === 0);
}

function toLabelSelector({ matchLabels = {}, matchExpressions = [] }: KubeSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const more = matchExpressions.map(({ key, operator, values = [] }) => {
    switch (operator) {
      case "In":
        return `${key} in (${values.join(",")})`;
      case "NotIn":
        return `${key} notin (${values.join(",")})`;
      case "DoesNotExist":
        return `!${key}`;
      default:
        return key;
    }
  });
  return [...equal, ...more].join(",");
}

/** Paths of what differs between two templates, values left out: they may be secret. At most `most`. */
export function differences(left: unknown, right: unknown, most = 12): string[] {
  const found: string[] = [];
  const walk = (a: unknown, b: unknown, path: string) => {
    if (found.length >= most || isDeepStrictEqual(plain(a), plain(b))) return;
    if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) {
      found.push(path);
      return;
    }
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      walk(a[key], b[key], Array.isArray(a) ? `${path}[${nameOf(a[key] ?? b[key], key)}]` : `${path}.${key}`);
    }
  };
  walk(left, right, "template");
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function nameOf(item: unknown, index: string): string {
  return isObject(item) && typeof item["name"] === "string" ? item["name"] : index;
}

/** What is, and where to. */
export interface RollbackPlan {
  readonly kind: "plan";
  readonly deployment: KubeDeployment;
  readonly current: Revision;
  readonly target: Revision;
  /** Warnings about the tools that manage the Deployment. */
  readonly ownersSay: readonly string[];
}
