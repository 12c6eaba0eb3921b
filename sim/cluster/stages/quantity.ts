import type { Container, PodSpec } from "./kinds.ts";

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number (`200m` is 0.2); undefined when it is none. */
export function parseQuantity(value: string | number | undefined): number | undefined {
  if (typeof value === "number") return value;
  const match = /^([0-9]*\.?[0-9]+)(n|u|m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(value ?? "");
  const factor = factors[match?.[2] ?? ""];
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
}

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Go duration (`1m30s`) in milliseconds; undefined when it is none. */
export function parseGoDuration(text: string | undefined): number | undefined {
  if (!text || !/^([0-9]*\.?[0-9]+(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]*\.?[0-9]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (units[unit ?? ""] ?? 0);
  }
  return total;
}

/** What a pod asks for and may use, in thousandths of a core. */
export interface CpuOfPod {
  readonly requestMilli: number;
  readonly limitMilli: number;
  readonly containers: number;
  /** False when a container says nothing: the HPA then refuses to compute. */
  readonly everyRequestSaid: boolean;
}

const known = new WeakMap<readonly Container[], CpuOfPod>();

/** CPU of a pod, by load.go's rule: without a limit a container may use the greater of one core and twice its request. */
export function cpuOf({ containers }: PodSpec): CpuOfPod {
  const cached = known.get(containers);
  if (cached) return cached;
  let requestMilli = 0;
  let limitMilli = 0;
  let everyRequestSaid = true;
  for (const { resources } of containers) {
    const request = parseQuantity(resources?.requests?.["cpu"]) ?? 0;
    const limit = parseQuantity(resources?.limits?.["cpu"]) ?? Math.max(1, 2 * request);
    if (request === 0) everyRequestSaid = false;
    requestMilli += Math.round(request * 1000);
    limitMilli += Math.round(limit * 1000);
  }
  const cpu = { requestMilli, limitMilli, containers: containers.length, everyRequestSaid };
  known.set(containers, cpu);
  return cpu;
}
