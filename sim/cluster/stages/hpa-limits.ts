import type { Behavior, ScalingPolicy, ScalingRules } from "./hpa-kinds.ts";

/** A count that was wanted, or a change that was made, at a time in milliseconds. */
interface At {
  readonly at: number;
  readonly replicas: number;
}

/** What one autoscaler remembers between syncs. */
export interface Memory {
  recommendations: At[];
  /** Replicas added, each time. */
  ups: At[];
  /** Replicas taken away, each time. */
  downs: At[];
}

/** What limits a wish. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly behavior?: Behavior | undefined;
  /** `--horizontal-pod-autoscaler-downscale-stabilization`. */
  readonly downscaleSeconds: number;
}

/** A condition's reason and message. */
export type Reason = readonly [reason: string, message: string];

/** The count that is allowed, and what the conditions say of it. */
export interface Limited {
  readonly replicas: number;
  readonly able: Reason;
  readonly limited: boolean;
  readonly limit: Reason;
}

const reasons = {
  ready: ["ReadyForNewScale", "recommended size matches current size"],
  downStabilized: [
    "ScaleDownStabilized",
    "recent recommendations were higher than current one, applying the highest recent recommendation",
  ],
  upStabilized: [
    "ScaleUpStabilized",
    "recent recommendations were lower than current one, applying the lowest recent recommendation",
  ],
  within: ["DesiredWithinRange", "the desired count is within the acceptable range"],
  few: ["TooFewReplicas", "the desired replica count is less than the minimum replica count"],
  many: ["TooManyReplicas", "the desired replica count is more than the maximum replica count"],
  fastUp: ["ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"],
  fastDown: ["ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate"],
} as const satisfies Record<string, Reason>;

/** What of a wish may be done now (horizontal.go, normalizeDesiredReplicas and ...WithBehaviors). Remembers the wish. */
export function limitReplicas(current: number, wanted: number, bounds: Bounds, memory: Memory, now: number): Limited {
  const { behavior } = bounds;
  const stable = behavior
    ? stabilizeBoth(current, wanted, behavior, bounds, memory, now)
    : stabilizeDown(wanted, bounds, memory, now);
  const able: Reason =
    stable === wanted ? reasons.ready : behavior && wanted >= current ? reasons.upStabilized : reasons.downStabilized;
  const [replicas, limit] = behavior
    ? withRules(current, stable, bounds, behavior, memory, now)
    : withoutRules(current, stable, bounds);
  return { replicas, able, limited: replicas !== stable, limit };
}

function stabilizeDown(wanted: number, { downscaleSeconds }: Bounds, memory: Memory, now: number): number {
  const recent = memory.recommendations.filter(({ at }) => at > now - downscaleSeconds * 1000);
  memory.recommendations = [...recent, { at: now, replicas: wanted }];
  return Math.max(wanted, ...recent.map(({ replicas }) => replicas));
}

function stabilizeBoth(
  current: number,
  wanted: number,
  behavior: Behavior,
  { downscaleSeconds }: Bounds,
  memory: Memory,
  now: number,
): number {
  const upWindow = (behavior.scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
  const downWindow = (behavior.scaleDown?.stabilizationWindowSeconds ?? downscaleSeconds) * 1000;
  const within = (window: number) => memory.recommendations.filter(({ at }) => at > now - window).map(({ replicas }) => replicas);
  const up = Math.min(wanted, ...within(upWindow));
  const down = Math.max(wanted, ...within(downWindow));
  const kept = memory.recommendations.filter(({ at }) => at > now - Math.max(upWindow, downWindow));
  memory.recommendations = [...kept, { at: now, replicas: wanted }];
  return Math.min(Math.max(current, up), down);
}

function withoutRules(current: number, wanted: number, { least, most }: Bounds): readonly [number, Reason] {
  const fastest = Math.max(2 * current, 4);
  const [ceiling, why] = most > fastest ? [fastest, reasons.fastUp] : [most, reasons.many];
  if (wanted < least) return [least, reasons.few];
  return wanted > ceiling ? [ceiling, why] : [wanted, reasons.within];
}

function withRules(
  current: number,
  wanted: number,
  { least, most }: Bounds,
  behavior: Behavior,
  memory: Memory,
  now: number,
): readonly [number, Reason] {
  if (wanted > current) {
    const fastest = Math.max(current, fastestUp(current, behavior.scaleUp ?? {}, memory, now));
    const [ceiling, why] = most > fastest ? [fastest, reasons.fastUp] : [most, reasons.many];
    if (wanted > ceiling) return [ceiling, why];
  }
  if (wanted < current) {
    const fastest = Math.min(current, fastestDown(current, behavior.scaleDown ?? {}, memory, now));
    const [floor, why] = least < fastest ? [fastest, reasons.fastDown] : [least, reasons.few];
    if (wanted < floor) return [floor, why];
  }
  return [wanted, reasons.within];
}

// pkg/apis/autoscaling/v2/defaults.go
const usualUp: readonly ScalingPolicy[] = [
  { type: "Pods", value: 4, periodSeconds: 15 },
  { type: "Percent", value: 100, periodSeconds: 15 },
];
const usualDown: readonly ScalingPolicy[] = [{ type: "Percent", value: 100, periodSeconds: 15 }];

function fastestUp(current: number, rules: ScalingRules, memory: Memory, now: number): number {
  if (rules.selectPolicy === "Disabled") return current;
  const limits = (rules.policies ?? usualUp).map((policy) => {
    const start = current - within(memory.ups, policy, now) + within(memory.downs, policy, now);
    return policy.type === "Pods" ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
  });
  return rules.selectPolicy === "Min" ? Math.min(...limits) : Math.max(...limits);
}

function fastestDown(current: number, rules: ScalingRules, memory: Memory, now: number): number {
  if (rules.selectPolicy === "Disabled") return current;
  const limits = (rules.policies ?? usualDown).map((policy) => {
    const start = current - within(memory.ups, policy, now) + within(memory.downs, policy, now);
    return policy.type === "Pods" ? start - policy.value : Math.floor(start * (1 - policy.value / 100));
  });
  return rules.selectPolicy === "Min" ? Math.max(...limits) : Math.min(...limits);
}

function within(changes: readonly At[], { periodSeconds }: ScalingPolicy, now: number): number {
  return changes.filter(({ at }) => at > now - periodSeconds * 1000).reduce((sum, { replicas }) => sum + replicas, 0);
}

/** Remembers a change, for the policies' periods. */
export function rememberScaling(memory: Memory, from: number, to: number, now: number): void {
  const recent = (changes: readonly At[]) => changes.filter(({ at }) => at > now - 1_800_000);
  memory.ups = to > from ? [...recent(memory.ups), { at: now, replicas: to - from }] : recent(memory.ups);
  memory.downs = to < from ? [...recent(memory.downs), { at: now, replicas: from - to }] : recent(memory.downs);
}
