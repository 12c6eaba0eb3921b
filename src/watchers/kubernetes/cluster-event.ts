import type { KubeEvent } from "#clients/kubernetes/objects.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";

/** An event as it is told. */
export type ClusterEvent = Extract<Observation, { kind: "event" }>;

/** The time of an event's last occurrence, and what it is about; long messages are cut. Pure. */
export function toClusterEvent(event: KubeEvent): ClusterEvent {
  const { metadata, involvedObject, series } = event;
  const times = [
    series?.lastObservedTime,
    event.lastTimestamp,
    event.eventTime,
    event.firstTimestamp,
    metadata.creationTimestamp,
  ];
  const at = times.map((text) => findInstant(text)).find((time) => time !== undefined);
  return {
    kind: "event",
    at: at ?? 0,
    reason: (event.reason ?? "").slice(0, 128),
    message: (event.message ?? "").slice(0, 300),
    namespace: involvedObject.namespace ?? undefined,
    involved: `${involvedObject.kind ?? "?"}/${involvedObject.name ?? "?"}`,
  };
}
