import { isDeepStrictEqual } from "node:util";
import { listReplicaSets } from "#clients/kubernetes/api.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type {
  KubeControllerRevision,
  KubeMeta,
  KubePodTemplate,
  KubeReplicaSet,
  KubeSelector,
  KubeWorkload,
} from "#clients/kubernetes/objects.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";
import { listControllerRevisions, readWorkload } from "#clients/kubernetes/workloads.ts";
import type { Instant, WorkloadKind, WorkloadRef } from "#domain/workload.ts";

const hashLabel = "pod-template-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";

/** A pod template that a workload runs or ran. */
export interface Revision {
  readonly revision: number;
  /** Of the ReplicaSet or ControllerRevision that keeps it. */
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Instant;
  /** As its pods are labelled with it. */
  readonly templateHash: string;
  /** Without the hash label: as it stands in the workload. */
  readonly template: KubePodTemplate;
}

/** A workload with its revisions, newest first. */
export interface History {
  readonly kind: WorkloadKind;
  readonly workload: KubeWorkload;
  /** Undefined while the controller has not yet seen the template that is wanted now. */
  readonly current: Revision | undefined;
  readonly revisions: readonly Revision[];
}

/** Reads a workload and what it ran, as `kubectl rollout history` does; undefined when it is gone. */
export async function readHistory(connection: KubeConnection, ref: WorkloadRef): Promise<History | undefined> {
  const workload = await readWorkload(connection, ref);
  if (!workload) return undefined;
  const held = await readRevisions(connection, ref, toLabelSelector(workload.spec.selector));
  const revisions = held
    .filter(({ owned }) =>
      owned.ownerReferences?.some((owner) => owner.controller === true && owner.uid === workload.metadata.uid),
    )
    .map(({ revision }) => revision)
    .filter((revision) => revision !== undefined)
    .sort((a, b) => b.revision - a.revision);
  const current = revisions.find(({ template }) => isSameTemplate(template, workload.spec.template));
  return { kind: ref.kind, workload, current, revisions };
}

interface Held {
  readonly owned: KubeMeta;
  readonly revision: Revision | undefined;
}

async function readRevisions(connection: KubeConnection, { kind, namespace }: WorkloadRef, selector: string): Promise<Held[]> {
  if (kind === "Deployment") {
    const sets = await listReplicaSets(connection, namespace, selector);
    return sets.map((set) => ({ owned: set.metadata, revision: ofReplicaSet(set) }));
  }
  const kept = await listControllerRevisions(connection, namespace, selector);
  return kept.map((one) => ({ owned: one.metadata, revision: ofControllerRevision(kind, one) }));
}

function ofReplicaSet({ metadata, spec }: KubeReplicaSet): Revision | undefined {
  const revision = Number(metadata.annotations?.[revisionAnnotation]);
  const templateHash = metadata.labels?.[hashLabel];
  if (!(revision > 0) || templateHash === undefined || !spec.template) return undefined;
  return { ...keptAs(metadata), revision, templateHash, template: withoutHash(spec.template) };
}

/**
 * Its data is a strategic merge patch that both controllers make alike: the whole template with `$patch: replace`. To apply it to the
 * object is to put this template in the place of the other. Data of another form is not known, so no revision to go back to.
 */
function ofControllerRevision(
  kind: WorkloadKind,
  { metadata, revision = 0, data }: KubeControllerRevision,
): Revision | undefined {
  const { $patch, ...template } = data?.spec?.template ?? {};
  // A StatefulSet's pods carry the whole name, a DaemonSet's the hash.
  const templateHash = kind === "StatefulSet" ? metadata.name : metadata.labels?.["controller-revision-hash"];
  if ($patch !== "replace" || !(revision > 0) || templateHash === undefined) return undefined;
  return { ...keptAs(metadata), revision, templateHash, template };
}

function keptAs({ name, uid, creationTimestamp }: KubeMeta): Pick<Revision, "name" | "uid" | "createdAt"> {
  return { name, uid, createdAt: findInstant(creationTimestamp) ?? 0 };
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
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => (isAbsent(inner) ? [] : [[key, plain(inner)] as const]));
  return Object.fromEntries(entries);
}

function isAbsent(value: unknown): boolean {
  if (typeof value !== "object") return value === undefined;
  return value === null || (!Array.isArray(value) && Object.keys(value).length === 0);
}

/** `a=b,c in (d,e)`, as the API takes it. */
export function toLabelSelector({ matchLabels = {}, matchExpressions = [] }: KubeSelector): string {
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
