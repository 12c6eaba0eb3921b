/** All keys share one hash tag: they live in one slot of a Redis Cluster, so scripts may touch several of them. */
export const defaultPrefix = "{k8s-why}";

export type Keys = ReturnType<typeof keysUnder>;

/** The layout. What an agent may touch is `<prefix>:cluster:<its name>:*`, and two queues; it reads the stop. */
export function keysUnder(prefix: string) {
  return {
    changes: { times: `${prefix}:changes:times`, records: `${prefix}:changes:records` },
    alerts: { times: `${prefix}:alerts:times`, records: `${prefix}:alerts:records` },
    lastSeen: `${prefix}:last-seen`,
    baselines: (cluster: string) => `${prefix}:cluster:${cluster}:baselines`,
    workloads: (cluster: string) => `${prefix}:cluster:${cluster}:workloads`,
    seenUntil: (cluster: string) => `${prefix}:cluster:${cluster}:seen-until`,
    illnesses: (cluster: string) => `${prefix}:cluster:${cluster}:illnesses`,
    poolNormal: (cluster: string) => `${prefix}:cluster:${cluster}:pool-normal`,
    expectations: (cluster: string) => `${prefix}:cluster:${cluster}:expectations`,
    rights: (cluster: string) => `${prefix}:cluster:${cluster}:rights`,
    pool: (cluster: string) => `${prefix}:cluster:${cluster}:pool`,
    incidents: `${prefix}:incidents:records`,
    incidentTimes: `${prefix}:incidents:times`,
    /** Workload key to the id of its newest incident, open or not. */
    latestIncidents: `${prefix}:incidents:latest`,
    reports: `${prefix}:reports`,
    /** Workload key to the id of its open incident. */
    openIncidents: `${prefix}:incidents:open`,
    samples: (incidentId: string) => `${prefix}:samples:${incidentId}`,
    messages: (incidentId: string) => `${prefix}:messages:${incidentId}`,
    outbox: outboxKeys(`${prefix}:outbox`),
    told: (incidentId: string) => `${prefix}:told:${incidentId}`,
    claim: (name: string) => `${prefix}:claim:${name}`,
    intent: (digest: string) => `${prefix}:intent:${digest}`,
    audit: `${prefix}:audit`,
    verdicts: `${prefix}:verdicts`,
    stop: `${prefix}:stop`,
    silences: `${prefix}:silences`,
    followers: `${prefix}:followers`,
    waiting: (user: string) => `${prefix}:waiting:${user}`,
    weather: (channel: string) => `${prefix}:weather:${channel}`,
  };
}

/** What is to be said in Slack (docs/adr/0007-outbox.md). */
function outboxKeys(prefix: string) {
  return {
    pending: `${prefix}:pending`,
    lanes: `${prefix}:lanes`,
    lane: (channel: string) => `${prefix}:lane:${channel}`,
    lease: (channel: string) => `${prefix}:lease:${channel}`,
    states: `${prefix}:states`,
    refusedChart: `${prefix}:refused-chart`,
    server: `${prefix}:server`,
    count: `${prefix}:count`,
  };
}
