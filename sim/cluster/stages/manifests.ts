import { applyPatch } from "#sim/cluster/patch.ts";
import { apiVersionOf, resources } from "#sim/cluster/resources.ts";
import type { KubeObject, NewObject, ObjectStore, OwnerReference, ResourceName } from "#sim/cluster/types.ts";

/** A manifest as YAML gives it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    /** Of a ReplicaSet at the start it may be empty: its Deployment then names it. */
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly OwnerReference[];
  };
  readonly spec?: unknown;
  /** Of a ConfigMap. */
  readonly data?: unknown;
  readonly status?: unknown;
}

/** The resource that a manifest is of. Throws when the simulated cluster does not hold such objects. */
export function resourceNameOf({ apiVersion, kind }: Manifest): ResourceName {
  const found = resources.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
  if (!found) throw new Error(`Cannot apply a "${kind}" of "${apiVersion}": expected a kind that the simulated cluster holds`);
  return found.name;
}

/** Creates what the manifest says, or merges it into what is there, as `kubectl patch` does. */
export function applyManifest(store: ObjectStore, manifest: Manifest, by = "kubectl"): KubeObject {
  const resource = resourceNameOf(manifest);
  const current = store.get(resource, manifest.metadata.namespace, manifest.metadata.name);
  if (!current) return store.create(resource, toNewObject(manifest), by);
  const patched = applyPatch("application/strategic-merge-patch+json", current, manifest) as KubeObject;
  return store.update(
    resource,
    { ...patched, metadata: { ...patched.metadata, resourceVersion: current.metadata.resourceVersion } },
    { by },
  );
}

/** The manifest as the store takes it. */
export function toNewObject(manifest: Manifest): NewObject {
  return manifest as NewObject;
}
