import { isDeepStrictEqual } from "node:util";
import { type Proposal } from "./hpa-formula.ts";
import { type Autoscaler } from "./hpa-kinds.ts";
import { limitReplicas, type Memory, rememberScaling } from "./hpa-limits.ts";
import { metricOf } from "./hpa-metrics.ts";
import { nextStatus, setCondition } from "./hpa-status.ts";
import type { Condition, Deployment } from "./kinds.ts";
import { controllerManager } from "./revisions.ts";
import type { World } from "./world.ts";

const component = "horizontal-pod-autoscaler";

/** The controller's flags, in seconds. */
export interface AutoscalerOptions {
  /** `--horizontal-pod-autoscaler-sync-period`. */
  readonly syncSeconds: number;
  /** `--horizontal-pod-autoscaler-downscale-stabilization`. */
  readonly downscaleSeconds: number;
}

interface Known extends Memory {
  dueAt: number;
}

/** The HPA controller. `run` syncs the autoscalers whose time has come. */
export function createAutoscaling(world: World, options: AutoscalerOptions): { run(now: number): void } {
  const known = new Map<string, Known>();
  const period = options.syncSeconds * 1000;
  return {
    run(now) {
      for (const uid of known.keys()) if (!world.index.autoscalers.has(uid)) known.delete(uid);
      for (const [uid, autoscaler] of world.index.autoscalers) {
        // One that was there before its controller is synced at once, a new one after a period.
        const dueAt = Date.parse(autoscaler.metadata.creationTimestamp) + period;
        const memory = known.get(uid) ?? { dueAt, recommendations: [], ups: [], downs: [] };
        known.set(uid, memory);
        if (memory.dueAt > now) continue;
        memory.dueAt += (Math.floor((now - memory.dueAt) / period) + 1) * period;
        sync({ world, autoscaler, memory, options, now });
      }
    },
  };
}

interface Sync {
  readonly world: World;
  readonly autoscaler: Autoscaler;
  readonly memory: Memory;
  readonly options: AutoscalerOptions;
  readonly now: number;
}

function sync(context: Sync): void {
  const { world, autoscaler, now } = context;
  const { kind, name } = autoscaler.spec.scaleTargetRef;
  const target = kind === "Deployment" ? world.store.get("apps/v1/deployments", autoscaler.metadata.namespace, name) : undefined;
  const conditions = autoscaler.status?.conditions ?? [];
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: deployments.apps "${name}" not found`;
    const failed = setCondition(conditions, "AbleToScale", "False", ["FailedGetScale", message], now);
    say(context, "Warning", "FailedGetScale", `deployments.apps "${name}" not found`);
    return writeStatus(context, {
      ...autoscaler.status,
      desiredReplicas: autoscaler.status?.desiredReplicas ?? 0,
      conditions: failed,
    });
  }
  const got = ["SucceededGetScale", "the HPA controller was able to get the target's current scale"] as const;
  decide(context, target as Deployment, setCondition(conditions, "AbleToScale", "True", got, now));
}

function decide(context: Sync, target: Deployment, conditions: readonly Condition[]): void {
  const { autoscaler, memory, now } = context;
  const current = target.spec.replicas;
  const { maxReplicas: most, minReplicas: least = 1 } = autoscaler.spec;
  // A controller that has just begun takes what runs for the first recommendation.
  if (memory.recommendations.length === 0) memory.recommendations = [{ at: now, replicas: current }];
  if (current === 0 && least !== 0) {
    const off = ["ScalingDisabled", "scaling is disabled since the replica count of the target is zero"] as const;
    const disabled = setCondition(conditions, "ScalingActive", "False", off, now);
    return finish(context, target, { desired: 0, why: "", metrics: null, conditions: disabled });
  }
  if (current > most) {
    return finish(context, target, {
      desired: most,
      why: "Current number of replicas above Spec.MaxReplicas",
      metrics: null,
      conditions,
    });
  }
  if (current < least) {
    return finish(context, target, {
      desired: least,
      why: "Current number of replicas below Spec.MinReplicas",
      metrics: null,
      conditions,
    });
  }
  followMetric(context, target, conditions);
}

function followMetric(context: Sync, target: Deployment, conditions: readonly Condition[]): void {
  const { autoscaler, memory, options, now } = context;
  const current = target.spec.replicas;
  const { name, proposal, show } = metricOf(context.world, autoscaler, target, now);
  if (proposal.kind === "unknown") return giveUp(context, current, proposal, conditions);
  const valid = ["ValidMetricFound", `the HPA was able to successfully calculate a replica count from ${name}`] as const;
  const { maxReplicas: most, minReplicas: least = 1, behavior } = autoscaler.spec;
  const bounds = { least, most, behavior, downscaleSeconds: options.downscaleSeconds };
  const { replicas, able, limited, limit } = limitReplicas(current, proposal.replicas, bounds, memory, now);
  const active = setCondition(conditions, "ScalingActive", "True", valid, now);
  const ready = setCondition(active, "AbleToScale", "True", able, now);
  const why =
    proposal.replicas > current ? `${name} above target` : proposal.replicas < current ? "All metrics below target" : "";
  finish(context, target, {
    desired: replicas,
    why,
    metrics: show(proposal),
    conditions: setCondition(ready, "ScalingLimited", limited ? "True" : "False", limit, now),
  });
}

function giveUp(
  context: Sync,
  current: number,
  { why }: Extract<Proposal, { readonly kind: "unknown" }>,
  conditions: readonly Condition[],
): void {
  const { autoscaler, now } = context;
  const message = `failed to get cpu utilization: ${why}`;
  const reason = ["FailedGetResourceMetric", `the HPA was unable to compute the replica count: ${message}`] as const;
  const inactive = setCondition(conditions, "ScalingActive", "False", reason, now);
  say(context, "Warning", "FailedGetResourceMetric", message);
  const first = `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${message}`;
  say(context, "Warning", "FailedComputeMetricsReplicas", first);
  const desired = autoscaler.status?.desiredReplicas ?? 0;
  writeStatus(
    context,
    nextStatus(autoscaler.status, { current, desired, metrics: [{ type: "" }], scaled: false }, inactive, now),
  );
}

interface Outcome {
  readonly desired: number;
  readonly why: string;
  readonly metrics: readonly unknown[] | null;
  readonly conditions: readonly Condition[];
}

function finish(context: Sync, target: Deployment, { desired, why, metrics, conditions }: Outcome): void {
  const { world, autoscaler, memory, now } = context;
  const current = target.spec.replicas;
  const scaled = desired !== current;
  if (scaled) {
    const { namespace, name } = target.metadata;
    const resize = (object: { readonly spec?: object }) => ({ ...object.spec, replicas: desired });
    world.store.modify(
      "apps/v1/deployments",
      namespace,
      name,
      (object) => ({ ...object, spec: resize(object) }),
      controllerManager,
    );
    say(context, "Normal", "SuccessfulRescale", `New size: ${desired}; reason: ${why}`);
    rememberScaling(memory, current, desired, now);
  }
  const rescaled = ["SucceededRescale", `the HPA controller was able to update the target scale to ${desired}`] as const;
  const told = scaled ? setCondition(conditions, "AbleToScale", "True", rescaled, now) : conditions;
  writeStatus(context, nextStatus(autoscaler.status, { current, desired, metrics, scaled }, told, now));
}

function writeStatus({ world, autoscaler }: Sync, status: NonNullable<Autoscaler["status"]>): void {
  if (isDeepStrictEqual(status, autoscaler.status)) return;
  const options = { subresource: "status", by: controllerManager } as const;
  world.store.update("autoscaling/v2/horizontalpodautoscalers", { ...autoscaler, status }, options);
}

function say({ world, autoscaler, now }: Sync, type: "Normal" | "Warning", reason: string, message: string): void {
  world.events.say({ about: autoscaler, type, reason, message, component }, now);
}
