import type { KubeMeta } from "#clients/kubernetes/objects.ts";

/** Warnings about tools that own an object and may undo a change made behind their back. */
export function ownerWarnings(what: string, { labels = {}, annotations = {} }: KubeMeta): string[] {
  const warnings: string[] = [];
  const argo = annotations["argocd.argoproj.io/tracking-id"]?.split(":")[0];
  const kustomization = labels["kustomize.toolkit.fluxcd.io/name"];
  const fluxRelease = labels["helm.toolkit.fluxcd.io/name"];
  const helmRelease = labels["app.kubernetes.io/managed-by"] === "Helm" ? annotations["meta.helm.sh/release-name"] : undefined;
  if (argo !== undefined) {
    warnings.push(
      `${what} is managed by Argo CD ("${argo}"): with self-heal on it undoes this. Pause the sync or change Git too.`,
    );
  }
  if (kustomization !== undefined) {
    warnings.push(
      `${what} is managed by Flux ("${kustomization}"): its next reconciliation undoes this. Suspend it or change Git too.`,
    );
  }
  if (fluxRelease !== undefined) {
    warnings.push(
      `${what} is managed by Flux ("${fluxRelease}"): with drift detection on it undoes this. Suspend it or change Git too.`,
    );
  } else if (helmRelease !== undefined) {
    warnings.push(`${what} is managed by Helm ("${helmRelease}"): the next release overwrites this.`);
  }
  return warnings;
}

/** KEDA's ScaledObject that owns an autoscaler and resets its bounds, if one does. */
export function findScaledObject({ labels = {}, ownerReferences = [] }: KubeMeta): string | undefined {
  return ownerReferences.find(({ kind }) => kind === "ScaledObject")?.name ?? labels["scaledobject.keda.sh/name"];
}
