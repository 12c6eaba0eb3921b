import type { Instant, SubjectRef, WorkloadKey } from "#domain/workload.ts";
import { escape } from "./escape.ts";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** `4,000` */
export function count(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : "?";
}

/** `4,000 nodes`, `1 node` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `3.2`, from ten on whole: `133`. Undefined when there is nothing to divide by. */
export function ratio(value: number | undefined, usual: number | undefined): string | undefined {
  if (value === undefined || usual === undefined || !(usual > 0) || !Number.isFinite(value)) return undefined;
  return value / usual < 10 ? tenths.format(value / usual) : count(value / usual);
}

/** A probability as whole percent, never 0 or 100: nobody is that sure. */
export function percent(probability: number): string {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))} %`;
}

/** Seconds of latency or CPU: `340 ms`, `1.2 s`. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (value < 0.01) return `${tenths.format(value * 1000)} ms`;
  return value < 1 ? `${count(value * 1000)} ms` : `${value < 100 ? tenths.format(value) : count(value)} s`;
}

/** Milliseconds as `45 s`, `6 min`, `1 h 12 min`, `3 days`. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  if (total < 90) return `${total} s`;
  const minutes = Math.round(total / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${count(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A moment in the reader's own time zone; with the day when it is more than `farMs` (half a day) from `now`. */
export function when(at: Instant, now: Instant, farMs = 12 * 3_600_000): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8e15) return "at an unknown time";
  const iso = new Date(at).toISOString();
  const far = Math.abs(now - at) > farMs;
  const fallback = far ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : `${iso.slice(11, 16)} UTC`;
  return `<!date^${Math.floor(at / 1000)}^${far ? "{date_short} {time}" : "{time}"}|${fallback}>`;
}

/** `namespace/name` of a key; not escaped. */
export function shortKey(key: WorkloadKey): string {
  return key.split("/").slice(1).join("/");
}

/** `namespace/name`, `cluster prod` or `namespace shop`; not escaped. */
export function subjectName({ kind, cluster, namespace, name }: SubjectRef): string {
  if (kind === "Cluster") return `cluster ${cluster}`;
  return kind === "Namespace" ? `namespace ${namespace}` : `${namespace}/${name}`;
}

/** `namespace/name`, `cluster prod` or `namespace shop`, escaped and cut: names may have 253 characters. */
export function shortName(subject: SubjectRef, max = 100): string {
  return escape(subjectName(subject), max);
}

/** A mention when it is a Slack id (`U…`, `W…` people, `S…` groups), a link to a channel (`C…`), else the escaped text. */
export function person(id: string): string {
  if (/^[UW][A-Z0-9_]{1,30}$/.test(id)) return `<@${id}>`;
  if (/^[CG][A-Z0-9_]{1,30}$/.test(id)) return `<#${id}>`;
  return /^S[A-Z0-9_]{1,30}$/.test(id) ? `<!subteam^${id}>` : escape(id, 60);
}

/** Ids with a comma between, as the record keeps them, as mentions; all else as it stands, escaped. */
export function people(ids: string): string {
  return ids
    .split(", ")
    .slice(0, 5)
    .map((one) => (/^[UW][A-Z0-9]{2,20}$/.test(one) ? person(one) : escape(one, 40)))
    .join(" and ");
}
