/** The numbers of one ReplicaSet in a rollout. */
export interface Share {
  readonly name: string;
  /** `spec.replicas`. */
  readonly replicas: number;
  /** `status.availableReplicas`. */
  readonly available: number;
  /** Annotation `deployment.kubernetes.io/max-replicas`: how many pods the Deployment could have when this share was set. */
  readonly maxBefore?: number | undefined;
  /** Milliseconds. */
  readonly createdAt: number;
}

/** Pods that a rollout may add and may miss. */
export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

type Bound = number | string | undefined;

/** maxSurge rounded up, maxUnavailable down; both zero would block a rollout, so one may then be missing (k8s deployment util, ResolveFenceposts). */
export function resolveFenceposts(maxSurge: Bound, maxUnavailable: Bound, replicas: number): Fenceposts {
  const surge = resolve(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(resolve(maxUnavailable, replicas, Math.floor), replicas);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: Math.min(1, replicas) } : { surge, unavailable };
}

function resolve(bound: Bound, replicas: number, round: (value: number) => number): number {
  if (typeof bound === "number") return bound;
  const text = bound ?? "25%";
  return text.endsWith("%") ? round((Number(text.slice(0, -1)) * replicas) / 100) : Number(text) || 0;
}

/** How many replicas the new ReplicaSet may have now (NewRSNewReplicas). */
export function newReplicaSetSize(wanted: number, newSize: number, allSizes: number, surge: number): number {
  if (newSize >= wanted) return wanted;
  const room = wanted + surge - allSizes;
  return room <= 0 ? newSize : newSize + Math.min(room, wanted - newSize);
}

/** Sizes of the old ReplicaSets after a step of a rollout: unhealthy replicas go first, then as many as availability allows (rolling.go). */
export function shrinkOld(old: readonly Share[], fresh: Share, wanted: number, unavailable: number): ReadonlyMap<string, number> {
  const sizes = new Map(old.map(({ name, replicas }) => [name, replicas]));
  const byAge = [...old].sort((a, b) => a.createdAt - b.createdAt);
  const atLeast = wanted - unavailable;
  const total = sum(old.map(({ replicas }) => replicas)) + fresh.replicas;
  const mayGo = total - atLeast - (fresh.replicas - fresh.available);
  if (mayGo <= 0) return sizes;
  take(byAge, sizes, mayGo, (share) => share.replicas - share.available);
  const available = sum(old.map((share) => share.available)) + fresh.available;
  take(byAge, sizes, available - atLeast, (share) => sizes.get(share.name) ?? 0);
  return sizes;
}

function take(shares: readonly Share[], sizes: Map<string, number>, most: number, of: (share: Share) => number): void {
  let left = most;
  for (const share of shares) {
    const gone = Math.min(Math.max(0, left), Math.max(0, of(share)));
    sizes.set(share.name, (sizes.get(share.name) ?? 0) - gone);
    left -= gone;
  }
}

/** Sizes when a Deployment is scaled in the middle of a rollout: in proportion to what each has, what is left over to the largest (sync.go). */
export function scaleInProportion(
  shares: readonly Share[],
  wanted: number,
  surge: number,
  statusReplicas: number,
): ReadonlyMap<string, number> {
  const active = shares.filter(({ replicas }) => replicas > 0);
  const allowed = wanted > 0 ? wanted + surge : 0;
  const toAdd = allowed - sum(active.map(({ replicas }) => replicas));
  const newestFirst = toAdd > 0 ? -1 : 1;
  const ordered = [...active].sort((a, b) => b.replicas - a.replicas || newestFirst * (a.createdAt - b.createdAt));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const share of ordered) {
    const part = toAdd === 0 ? 0 : proportion(share, wanted, surge, statusReplicas, toAdd - added);
    sizes.set(share.name, share.replicas + part);
    added += part;
  }
  const largest = ordered[0];
  if (largest && toAdd !== 0) sizes.set(largest.name, Math.max(0, (sizes.get(largest.name) ?? 0) + toAdd - added));
  return sizes;
}

function proportion(share: Share, wanted: number, surge: number, statusReplicas: number, left: number): number {
  if (left === 0) return 0;
  if (wanted === 0) return Math.max(-share.replicas, left);
  const before = share.maxBefore ?? statusReplicas;
  const fraction = before === 0 ? 0 : Math.round((share.replicas * (wanted + surge)) / before) - share.replicas;
  return left > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
