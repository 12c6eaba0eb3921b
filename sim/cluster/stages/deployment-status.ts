import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from "./kinds.ts";
import { conditionOf } from "./kinds.ts";
import { toTime } from "./world.ts";

/** The status of a Deployment from its ReplicaSets, by the rules of the deployment controller (sync.go, progress.go). `rollout` is false while it is only scaled. */
export function deploymentStatus(
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  { unavailable, rollout, now }: { readonly unavailable: number; readonly rollout: boolean; readonly now: number },
): DeploymentStatus {
  const counts = countReplicas(deployment, fresh, old);
  const available = availability(deployment, counts, unavailable, now);
  const progress = rollout ? progressing(deployment, counts, fresh, now) : conditionOf(deployment, "Progressing");
  const conditions = withCondition(deployment.status?.conditions ?? [], available);
  return { ...counts, conditions: progress ? withCondition(conditions, progress) : conditions };
}

/** One that changed goes to the end, as the controller puts it. */
function withCondition(conditions: readonly Condition[], condition: Condition): readonly Condition[] {
  if (conditions.includes(condition)) return conditions;
  return [...conditions.filter(({ type }) => type !== condition.type), condition];
}

type Counts = Omit<DeploymentStatus, "conditions">;

function countReplicas(deployment: Deployment, fresh: ReplicaSet | undefined, old: readonly ReplicaSet[]): Counts {
  const all = fresh ? [fresh, ...old] : old;
  const total = (pick: (status: NonNullable<ReplicaSet["status"]>) => number | undefined) =>
    all.reduce((sum, { status }) => sum + ((status && pick(status)) ?? 0), 0);
  const available = total((status) => status.availableReplicas);
  const replicas = total((status) => status.replicas);
  const size = all.reduce((sum, { spec }) => sum + spec.replicas, 0);
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...nonZero({
      replicas,
      updatedReplicas: fresh?.status?.replicas ?? 0,
      readyReplicas: total((status) => status.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, size - available),
    }),
    terminatingReplicas: total((status) => status.terminatingReplicas),
  };
}

/** The fields that are not 0, as Go's `omitempty` leaves them. */
export function nonZero<T extends Readonly<Record<string, number>>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0)) as Partial<T>;
}

function availability(deployment: Deployment, counts: Counts, unavailable: number, now: number): Condition {
  const enough = (counts.availableReplicas ?? 0) >= deployment.spec.replicas - unavailable;
  const last = conditionOf(deployment, "Available");
  if (last?.status === (enough ? "True" : "False")) return last;
  return {
    type: "Available",
    status: enough ? "True" : "False",
    lastUpdateTime: toTime(now),
    lastTransitionTime: toTime(now),
    reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
  };
}

function progressing(deployment: Deployment, counts: Counts, fresh: ReplicaSet | undefined, now: number): Condition | undefined {
  const last = conditionOf(deployment, "Progressing");
  const wasDone = last?.reason === "NewReplicaSetAvailable";
  if (wasDone && counts.replicas === counts.updatedReplicas) return last;
  const say = progressSayer(last, fresh, now);
  if (isComplete(deployment, counts)) return say.complete;
  if (wasDone || hasMoved(deployment.status, counts)) return say.moving;
  if (!last) return say.created;
  return isLate(deployment, last, now) ? say.late : last;
}

function progressSayer(last: Condition | undefined, fresh: ReplicaSet | undefined, now: number) {
  const name = fresh?.metadata.name ?? "";
  const say = (status: "True" | "False", reason: string, message: string): Condition => ({
    type: "Progressing",
    status,
    lastUpdateTime: toTime(now),
    lastTransitionTime: last?.status === status ? last.lastTransitionTime : toTime(now),
    reason,
    message,
  });
  return {
    complete: say("True", "NewReplicaSetAvailable", `ReplicaSet "${name}" has successfully progressed.`),
    moving: say("True", "ReplicaSetUpdated", `ReplicaSet "${name}" is progressing.`),
    created: say("True", "NewReplicaSetCreated", `Created new replica set "${name}"`),
    late: say("False", "ProgressDeadlineExceeded", `ReplicaSet "${name}" has timed out progressing.`),
  };
}

function isLate({ spec }: Deployment, last: Condition, now: number): boolean {
  if (last.reason === "ProgressDeadlineExceeded") return false;
  return Date.parse(last.lastUpdateTime ?? last.lastTransitionTime) + (spec.progressDeadlineSeconds ?? 600) * 1000 < now;
}

/** All replicas are on the current template and available, and none else is left. */
export function isComplete({ spec }: Deployment, counts: Counts): boolean {
  return [counts.updatedReplicas, counts.replicas, counts.availableReplicas].every((count) => (count ?? 0) === spec.replicas);
}

function hasMoved(last: DeploymentStatus = {}, next: Counts): boolean {
  const updated = (status: Counts) => status.updatedReplicas ?? 0;
  const outdated = (status: Counts) => (status.replicas ?? 0) - updated(status);
  return (
    updated(next) > updated(last) ||
    outdated(next) < outdated(last) ||
    (next.readyReplicas ?? 0) > (last.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (last.availableReplicas ?? 0)
  );
}
