import { formatTime } from "#sim/cluster/prepare.ts";
import type { KubeObject, ObjectStore } from "#sim/cluster/types.ts";

/** Something a component says about an object. */
interface Remark {
  readonly about: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** Writes Events as client-go does: repeats are counted, more than 10 of a kind are combined, and 25 an object is the most in a burst. */
export interface EventRecorder {
  say(remark: Remark, now: number): void;
  /** Removes Events that were last seen over an hour ago. */
  forget(now: number): void;
}

// client-go tools/record/events_cache.go
const combineAfter = 10;
const combineWindow = 600_000;
const burst = 25;
const refillEvery = 300_000;
const keptFor = 3_600_000;

interface Kind {
  messages: Set<string>;
  since: number;
}

/** A recorder that writes to the store. */
export function createEventRecorder(store: ObjectStore): EventRecorder {
  const allows = createSpamFilter();
  const kinds = new Map<string, Kind>();
  const names = new Map<string, string>();
  let serial = 0;
  return {
    say(remark, now) {
      const source = `${remark.component}/${remark.about.metadata.uid}`;
      const kind = `${source}/${remark.type}/${remark.reason}`;
      const many = isMany(kinds, kind, remark.message, now);
      const key = many ? kind : `${kind}/${remark.message}`;
      if (!allows(source, now)) return;
      const message = many ? `(combined from similar events): ${remark.message}` : remark.message;
      const namespace = remark.about.metadata.namespace ?? "default";
      const seen = store.modify("v1/events", namespace, names.get(key) ?? "", (event) => again(event, message, now));
      if (seen) return;
      const name = `${remark.about.metadata.name}.${now.toString(16)}${(serial += 1).toString(16).padStart(5, "0")}`;
      names.set(key, name);
      store.create("v1/events", toEvent({ ...remark, message }, name, namespace, now));
    },
    forget(now) {
      const limit = formatTime(now - keptFor);
      const old = [...store.list("v1/events")].filter((event) => lastSeen(event) < limit);
      for (const { metadata } of old) store.delete("v1/events", metadata.namespace, metadata.name);
      const gone = new Set(old.map(({ metadata }) => metadata.name));
      for (const [key, name] of names) if (gone.has(name)) names.delete(key);
      for (const [key, { since }] of kinds) if (now - since > keptFor) kinds.delete(key);
    },
  };
}

function isMany(kinds: Map<string, Kind>, key: string, message: string, now: number): boolean {
  const last = kinds.get(key);
  const kind = last && now - last.since <= combineWindow ? last : { messages: new Set<string>(), since: now };
  if (kind.messages.size <= combineAfter) kind.messages.add(message);
  kind.since = now;
  kinds.set(key, kind);
  return kind.messages.size > combineAfter;
}

function createSpamFilter() {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (source: string, now: number): boolean => {
    const last = buckets.get(source) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, last.tokens + (now - last.at) / refillEvery);
    buckets.set(source, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (buckets.size > 20_000) buckets.clear();
    return tokens >= 1;
  };
}

function lastSeen(event: KubeObject): string {
  const fields = event as unknown as Record<string, unknown>;
  return typeof fields["lastTimestamp"] === "string" ? fields["lastTimestamp"] : event.metadata.creationTimestamp;
}

function again(event: KubeObject, message: string, now: number): KubeObject {
  const { count } = event as unknown as { count?: number };
  const next = { message, count: (count ?? 1) + 1, lastTimestamp: formatTime(now) };
  return { ...event, ...next };
}

function toEvent({ about, type, reason, message, component }: Remark, name: string, namespace: string, now: number) {
  const { uid, resourceVersion } = about.metadata;
  const involved = { kind: about.kind, apiVersion: about.apiVersion, name: about.metadata.name, uid, resourceVersion };
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace },
    involvedObject: about.metadata.namespace ? { ...involved, namespace } : involved,
    reason,
    message,
    type,
    count: 1,
    eventTime: null,
    firstTimestamp: formatTime(now),
    lastTimestamp: formatTime(now),
    source: { component },
    reportingComponent: component,
    reportingInstance: "",
  };
}
