export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  /** RFC 3339, on the simulation's clock, as all times in objects are. */
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly {
    readonly manager: string;
    readonly operation: string;
    readonly time: string;
    readonly subresource?: string;
  }[];
}

/** Any stored object. Objects are never changed in place: a write replaces them. */
export interface KubeObject<Spec = Record<string, unknown>, Status = Record<string, unknown>> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Spec;
  readonly status?: Status;
}

/** A resource as it stands in a path: `apps/v1/deployments`; core resources are `v1/pods`. */
export type ResourceName =
  | "v1/namespaces"
  | "v1/pods"
  | "v1/nodes"
  | "v1/events"
  | "v1/configmaps"
  | "v1/resourcequotas"
  | "v1/limitranges"
  | "apps/v1/deployments"
  | "apps/v1/replicasets"
  | "apps/v1/statefulsets"
  | "apps/v1/daemonsets"
  | "apps/v1/controllerrevisions"
  | "batch/v1/jobs"
  | "batch/v1/cronjobs"
  | "autoscaling/v2/horizontalpodautoscalers"
  | "policy/v1/poddisruptionbudgets"
  | "coordination.k8s.io/v1/leases"
  | "rbac.authorization.k8s.io/v1/clusterroles"
  | "scheduling.k8s.io/v1/priorityclasses";

export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: ResourceName;
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

/** What a writer hands in: the store fills uid, resourceVersion, creationTimestamp and generation. */
export type NewObject = Omit<KubeObject, "metadata"> & {
  readonly metadata: Partial<Metadata> & ({ readonly name: string } | { readonly generateName: string });
};

/**
 * All objects of the cluster with one rising resourceVersion. In memory, synchronous; the HTTP door and the stages
 * (controllers, scheduler, kubelets, autoscalers) share it. Throws `StatusError` (code, reason) as the API server answers.
 */
export interface ObjectStore {
  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Live, in insertion order; all namespaces without `namespace`. */
  list(resource: ResourceName, namespace?: string): Iterable<KubeObject>;
  count(resource: ResourceName): number;
  create(resource: ResourceName, object: NewObject, by?: string): KubeObject;
  /**
   * Replaces it. `object.metadata.resourceVersion`, if set, must be the stored one (409 otherwise). Raises `generation` when `spec` differs.
   * `subresource: "status"` keeps all but `status`; without it, `status` is kept.
   */
  update(resource: ResourceName, object: KubeObject, options?: { subresource?: "status"; by?: string }): KubeObject;
  /** Stages use this: read, change, write; nothing is written when `change` returns the same object or undefined. */
  modify(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    change: (object: KubeObject) => KubeObject | undefined,
    by?: string,
  ): KubeObject | undefined;
  /** Removes at once (no graceful deletion; a stage may set deletionTimestamp first). Removes what it owns, in the background. */
  delete(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Called synchronously after each write, in order. Returns how to stop. */
  onChange(listener: (event: StoreEvent) => void): () => void;
  readonly resourceVersion: string;
}
