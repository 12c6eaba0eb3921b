import type { Instant, WorkloadState } from "#domain/workload.ts";
import { count, listed } from "#analysis/words.ts";
import type { Heard } from "./cluster-facts.ts";
import { type Symptom, quoted } from "./facts.ts";
import { isQuota } from "./stuck.ts";

/** What the rule for one namespace looks at. */
export interface NamespaceFacts {
  readonly at: Instant;
  /** Its workloads that cannot create pods. */
  readonly refused: readonly WorkloadState[];
  /** Watch events of the namespace. */
  readonly heard: readonly Heard[];
}

const MINUTE = 60_000;
/** A refusal is tried again within minutes (the controllers' backoff ends at a quarter of an hour). */
const FRESH_MS = 15 * MINUTE;
const HOLD_MS = 2 * MINUTE;

/** A quota is exhausted and somebody lacks pods for it. A rollout's surge that only touches it lacks none. */
export function quotaExhausted({ at, refused, heard }: NamespaceFacts): Symptom | undefined {
  const short = refused.filter(({ cannotCreate, desired, total }) => isQuota(cannotCreate) && total < desired);
  const sets = heard.filter(
    ({ reason, message, involved, at: when }) =>
      reason === "FailedCreate" && at - when <= FRESH_MS && isQuota(message) && /^(?:StatefulSet|DaemonSet|Job)\//.test(involved),
  );
  const message = short[0]?.cannotCreate ?? sets.at(-1)?.message;
  if (message === undefined) return undefined;
  const missing = short.reduce((sum, { desired, total }) => sum + desired - total, 0) + (short.length === 0 ? sets.length : 0);
  const names = [
    ...short.map(({ workload, desired, total }) => `${workload.name} lacks ${count(desired - total)} of ${count(desired)}`),
    ...sets.map(({ involved }) => involved),
  ];
  const text = `The quota ${nameOf(message)}is exhausted${usedOf(message)}: ${listed(names)}.`;
  return { kind: "quota-exhausted", value: missing, usual: 0, text, holdMs: HOLD_MS };
}

/** `exceeded quota: compute, requested: cpu=1, used: cpu=40, limited: cpu=40` (the ResourceQuota admission plugin's words). */
function nameOf(message: string): string {
  const name = /exceeded quota: ([^,]{1,253})/i.exec(message)?.[1];
  return name === undefined ? "" : `${quoted(name, 60)} `;
}

function usedOf(message: string): string {
  const used = /used: (.{1,200}?), limited: (.{1,200})$/i.exec(message);
  return used ? ` (used ${quoted(used[1] ?? "", 60)}, limit ${quoted(used[2] ?? "", 60)})` : "";
}
