import { type Incident, type IncidentStatus, leadOf } from "#domain/incident.ts";
import type { Point, Sample } from "#domain/sample.ts";
import type { Instant } from "#domain/workload.ts";
import type { Chart, Panel } from "./chart.ts";
import { marksOf } from "./marks-of.ts";

const minute = 60_000;
/** So much of the calm before is shown. */
const beforeMs = 35 * minute;
/** The first suspect may lie somewhat before that. */
const mostBeforeMs = 90 * minute;

/** What an incident's picture shows, from its record and its samples (by time). */
export function chartOf(incident: Incident, samples: readonly Sample[]): Chart {
  const to = Math.max(incident.now.at, incident.settledAt ?? 0, incident.openedAt);
  const onset = Math.min(incident.spike.startedAt, incident.diagnosis?.onsetAt ?? Infinity);
  const from = beginning(incident, samples, onset);
  const shown = samples.filter(({ at }) => at >= from && at <= to);
  const { cluster, namespace, name } = incident.workload;
  return {
    title: name === "" ? namespace || cluster : `${namespace}/${name}`,
    shortTitle: name || namespace || cluster,
    from,
    to,
    onset,
    status: incident.status,
    panels: panelsOf(incident, shown),
    ...marksOf(incident, from, to),
    states: statesOf(incident),
  };
}

/** From when on anything is shown: what lies before the trouble, as far as anything is known of it. */
function beginning({ diagnosis, timeline }: Incident, samples: readonly Sample[], onset: Instant): Instant {
  const first = diagnosis?.named ? timeline.find(({ id }) => id === diagnosis.suspects[0]?.id)?.at : undefined;
  const wanted = Math.min(onset - beforeMs, (first ?? Infinity) - 5 * minute);
  // Without a measured past an empty half would tell nothing.
  const known = Math.min(samples[0]?.at ?? onset, onset, first ?? Infinity) - 5 * minute;
  return Math.max(wanted, known, onset - mostBeforeMs);
}

/** Of a cluster or namespace only its nodes are known. */
function panelsOf(incident: Incident, samples: readonly Sample[]): Panel[] {
  const nodes: Panel = {
    name: "Nodes",
    unit: "count",
    colour: "nodes",
    points: pointsOf(samples, ({ nodes: value }) => value),
    ...around(incident.usual.nodes),
  };
  if (incident.workload.name === "") return [nodes];
  return [replicasOf(incident, samples), ...(nodes.points.length === 0 ? [] : [nodes]), ...workOf(incident, samples)];
}

function replicasOf(incident: Incident, samples: readonly Sample[]): Panel {
  const { usual, now } = incident;
  return {
    name: "Replicas",
    unit: "count",
    colour: "replicas",
    points: pointsOf(samples, ({ replicas }) => replicas),
    ...(leadOf(incident) === "runaway" && around(usual.replicas)),
    ...(now.ceiling !== undefined && { ceiling: now.ceiling }),
  };
}

/** Work per replica, or better what a request costs: an autoscaler keeps CPU per replica as it is while all runs away. */
function workOf({ usual }: Incident, samples: readonly Sample[]): Panel[] {
  const cost = pointsOf(samples, ({ costPerRequest }) => costPerRequest);
  if (cost.length > 0)
    return [{ name: "CPU per request", unit: "seconds", colour: "work", points: cost, ...around(usual.costPerRequest, 1.5) }];
  const cpu = pointsOf(samples, ({ cpuPerReplica }) => cpuPerReplica);
  const each = usual.cpuCores === undefined || usual.replicas < 1 ? undefined : usual.cpuCores / usual.replicas;
  return cpu.length === 0
    ? []
    : [{ name: "Cores per replica", unit: "cores", colour: "work", points: cpu, ...around(each, 1.5) }];
}

function pointsOf(samples: readonly Sample[], valueOf: (sample: Sample) => number | undefined): Point[] {
  return samples.flatMap((sample) => {
    const value = valueOf(sample);
    return value === undefined || !Number.isFinite(value) ? [] : [{ at: sample.at, value }];
  });
}

/** What counts as usual again: within 25 % for counts, up to 1.5 times for what work costs. */
function around(value: number | undefined, most = 1.25): Pick<Panel, "usual"> {
  return value === undefined ? {} : { usual: { value, low: most > 1.25 ? 0.5 * value : 0.75 * value, high: most * value } };
}

function statesOf({ openedAt, mitigatedAt, recoveredAt, settledAt }: Incident): { at: Instant; status: IncidentStatus }[] {
  const states: { at: Instant | undefined; status: IncidentStatus }[] = [
    { at: openedAt, status: "open" },
    { at: mitigatedAt, status: "mitigated" },
    { at: recoveredAt, status: "recovered" },
    { at: settledAt, status: "settled" },
  ];
  return states.flatMap(({ at, status }) => (at === undefined ? [] : [{ at, status }]));
}
