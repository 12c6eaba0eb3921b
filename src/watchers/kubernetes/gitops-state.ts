import type { CommitGuess } from "#domain/change.ts";
import { type WorkloadKey, workloadKey } from "#domain/workload.ts";

/** What Argo CD or Flux says that it brought, and to which workloads. */
export interface Delivery {
  readonly name: string;
  readonly commit?: CommitGuess;
  readonly workloads: readonly WorkloadKey[];
}

/** Kinds of objects that deliver, and where they are listed. */
export const deliveryKinds = [
  { version: "argoproj.io/v1alpha1", plural: "applications", find: findApplication },
  { version: "kustomize.toolkit.fluxcd.io/v1", plural: "kustomizations", find: findKustomization },
] as const;

const KINDS = new Set(["Deployment", "StatefulSet", "DaemonSet"]);
const AT_MOST = 500;

interface RawApplication {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly sync?: { readonly revision?: string };
    readonly operationState?: { readonly syncResult?: { readonly revision?: string } };
    readonly resources?: readonly { readonly kind?: string; readonly namespace?: string; readonly name?: string }[];
  };
}

/** Of an Application: what it synced last, else what it compares with. With several sources or a chart there is no commit. Pure. */
export function findApplication(cluster: string, { metadata, status }: RawApplication): Delivery {
  const sha = shaOf(status?.operationState?.syncResult?.revision) ?? shaOf(status?.sync?.revision);
  const workloads = (status?.resources ?? []).flatMap(({ kind = "", namespace, name }) =>
    KINDS.has(kind) && namespace && name ? [workloadKey({ cluster, namespace, name })] : [],
  );
  return { name: metadata.name, ...(sha && { commit: { sha, from: "argo" } }), workloads: workloads.slice(0, AT_MOST) };
}

interface RawKustomization {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly inventory?: { readonly entries?: readonly { readonly id?: string }[] };
  };
}

/** Of a Kustomization: what it applied last, and its inventory (`namespace_name_group_kind`). Pure. */
export function findKustomization(cluster: string, { metadata, status }: RawKustomization): Delivery {
  const sha = shaOf(status?.lastAppliedRevision);
  const workloads = (status?.inventory?.entries ?? []).flatMap(({ id = "" }) => {
    const [namespace, name, group, kind = ""] = id.split("_");
    return namespace && name && group === "apps" && KINDS.has(kind) ? [workloadKey({ cluster, namespace, name })] : [];
  });
  return { name: metadata.name, ...(sha && { commit: { sha, from: "flux" } }), workloads: workloads.slice(0, AT_MOST) };
}

/** `main@sha1:0123...`, `main/0123...` (Flux before 2.0), or the sha itself; a chart's version is none. */
function shaOf(revision: string | undefined): string | undefined {
  return /(?:^|[:/])([0-9a-f]{40})$/.exec((revision ?? "").slice(0, 500))?.[1];
}
