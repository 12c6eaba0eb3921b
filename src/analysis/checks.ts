import type { Incident } from "#domain/incident.ts";
import { count, ratioText } from "./words.ts";

/** Recovered: cost per request, latency, CPU per replica at most this times usual. */
export const WELL = 1.5;

/** One thing that must be well for a recovery. `ok` undefined: this workload does not have that signal. */
export interface Check {
  readonly what: "readiness" | "cost per request" | "latency" | "CPU per replica";
  readonly ok: boolean | undefined;
  /** What is seen, without a full stop. */
  readonly text: string;
}

/** All replicas ready on the revision that is wanted, and cost per request, latency and CPU per replica within 1.5 times usual. */
export function checksOf({ now, usual }: Pick<Incident, "now" | "usual">): readonly Check[] {
  const perReplica = now.cpuCores === undefined || now.ready === 0 ? undefined : now.cpuCores / now.ready;
  const usualPerReplica = usual.cpuCores === undefined ? undefined : usual.cpuCores / usual.replicas;
  return [
    readiness(now),
    near("cost per request", now.costPerRequest, usual.costPerRequest),
    near("latency", now.latencySeconds, usual.latencySeconds),
    near("CPU per replica", perReplica, usualPerReplica),
  ];
}

/** Undefined where one of both is unknown. */
export function within(value: number | undefined, usual: number | undefined): boolean | undefined {
  return value === undefined || usual === undefined || usual <= 0 ? undefined : value <= WELL * usual;
}

function readiness({ desired, ready, updated, total }: Incident["now"]): Check {
  const ok = desired > 0 && ready >= desired && updated >= desired && total <= desired;
  const text =
    updated < desired
      ? `${count(updated)} of ${count(desired)} replicas are of the revision that is wanted`
      : ready < desired
        ? `${count(ready)} of ${count(desired)} replicas are ready`
        : `${count(total)} pods are there for ${count(desired, "replica")}`;
  return { what: "readiness", ok, text };
}

function near(what: Check["what"], value: number | undefined, usual: number | undefined): Check {
  const ok = within(value, usual);
  const ratio = ok === undefined || value === undefined || usual === undefined ? 1 : value / usual;
  return { what, ok, text: `${what} is ${ratioText(ratio)} times its usual` };
}
