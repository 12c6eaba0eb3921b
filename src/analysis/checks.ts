import type { IllnessKind } from "#domain/illness.ts";
import type { Incident } from "#domain/incident.ts";
import { count, ratioText } from "./words.ts";

/** Recovered: cost per request, latency, CPU per replica at most this times usual. */
export const WELL = 1.5;

/** One thing that must be well for a recovery. `ok` undefined: this workload does not have that signal. */
export interface Check {
  readonly what: "readiness" | "cost per request" | "latency" | "CPU per replica" | "errors" | "restarts";
  readonly ok: boolean | undefined;
  /** What is seen, without a full stop. */
  readonly text: string;
}

/** So many more requests may fail than usual, of 1: where none does, any is a multiple. */
const MORE_ERRORS = 0.01;

/** All replicas ready on the revision that is wanted and not restarting, cost per request, latency and CPU per replica within 1.5 times usual, and errors near it. */
export function checksOf({
  now,
  usual,
  illnesses,
}: Pick<Incident, "now" | "usual"> & Partial<Pick<Incident, "illnesses">>): readonly Check[] {
  const perReplica = now.cpuCores === undefined || now.ready === 0 ? undefined : now.cpuCores / now.ready;
  const usualPerReplica = usual.cpuCores === undefined ? undefined : usual.cpuCores / usual.replicas;
  return [
    readiness(now),
    near("cost per request", now.costPerRequest, usual.costPerRequest),
    near("latency", now.latencySeconds, usual.latencySeconds),
    near("CPU per replica", perReplica, usualPerReplica),
    errors(now.errorShare, usual.errorShare),
    restarts(illnesses),
  ];
}

/** The work of a request or of a replica; the rest says whether it is done well. */
export function isWork({ what }: Check): boolean {
  return what === "cost per request" || what === "latency" || what === "CPU per replica";
}

function errors(share: number | undefined, usual = 0): Check {
  const ok = share === undefined ? undefined : share <= WELL * usual + MORE_ERRORS;
  return { what: "errors", ok, text: `${percent(share ?? 0)} of requests fail, usually ${percent(usual)}` };
}

const restarting: readonly IllnessKind[] = ["crash-loop", "out-of-memory", "restarting"];

/** A restart or two may be chance: what counts is told as an illness. */
function restarts(illnesses: Incident["illnesses"]): Check {
  const ok = illnesses && !illnesses.some(({ kind }) => restarting.includes(kind));
  return { what: "restarts", ok, text: "pods restart" };
}

/** `12.5 %` */
function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
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
