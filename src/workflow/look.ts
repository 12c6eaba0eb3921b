import { subDays } from "date-fns/subDays";
import { happenedTo } from "#analysis/happened.ts";
import { climbBegan, nodesBefore } from "#analysis/climb.ts";
import { usualPool } from "#analysis/illness/pool-normal.ts";
import { namesInText } from "#analysis/names-in-text.ts";
import { readName } from "#analysis/names.ts";
import type { Change } from "#domain/change.ts";
import type { Incident } from "#domain/incident.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { LookPort, PoolView } from "#domain/ports/look.ts";
import type {
  AuditPort,
  ClusterPort,
  IllnessPort,
  IncidentPort,
  LedgerPort,
  MessagePort,
  StopPort,
} from "#domain/ports/store.ts";
import { type Instant, type WorkloadKey, type WorkloadState, workloadKey } from "#domain/workload.ts";
import { type PressableOptions, pressable } from "./pressable.ts";

type Verbs = Pick<AuditPort, "auditNewest"> &
  Pick<ClusterPort, "workloads" | "findWorkload" | "findPool" | "findSeenUntil"> &
  Pick<IllnessPort, "findPoolNormal"> &
  Pick<IncidentPort, "findIncident" | "findOpenIncident" | "openIncidents" | "incidentsSince"> &
  Pick<LedgerPort, "changesBetween" | "alertsBetween"> &
  Pick<MessagePort, "findMessage"> &
  Pick<StopPort, "findStop">;

export interface LookOptions extends PressableOptions {
  readonly verbs: Verbs;
  readonly cluster: string;
  /** Whose code a workload runs, as far as can be told without asking anybody. */
  readonly ownershipOf: (state: WorkloadState, changes: readonly Change[]) => Promise<Ownership>;
  readonly now: () => Instant;
}

/** Audit records that are looked through for those of one workload. */
const searched = 2_000;
/** An incident may have begun before what is asked about; and its thread is asked in for some days. */
const incidentDays = 7;

/** What anybody may look up. */
export function createLook(options: LookOptions): LookPort {
  const { verbs, cluster, now } = options;
  const keys = async () => (await verbs.workloads(cluster)).map(({ workload }) => workloadKey(workload));
  return {
    findNamed: async (asked) => readName(await keys(), asked),
    namedIn: async (text) => namesInText(await keys(), text),
    happenedTo: (key, from) => happened(options, key, from),
    changesSince: (from) => verbs.changesBetween(from, now()),
    findIncident: (id) => verbs.findIncident(id),
    findOpenIncident: (key) => verbs.findOpenIncident(key),
    openIncidents: () => verbs.openIncidents(),
    incidentsSince: (from) => verbs.incidentsSince(from),
    findIncidentAt: async ({ channel, ts }) => {
      const known = await recentIncidents(options, now());
      const refs = await Promise.all(known.map(({ id }) => verbs.findMessage(id, "headline")));
      return known.find((_incident, index) => refs[index]?.channel === channel && refs[index]?.ts === ts);
    },
    pressable: (user, incident) => pressable(options, user, incident),
    pools: async () => {
      const open = await verbs.openIncidents();
      const clusters = new Set([cluster, ...open.map(({ workload }) => workload.cluster)]);
      return Promise.all([...clusters].toSorted().map((name) => poolOf(options, name, open)));
    },
  };
}

/** Open, or opened within some days before a moment; each once. */
async function recentIncidents({ verbs }: LookOptions, before: Instant): Promise<readonly Incident[]> {
  const [open, since] = await Promise.all([verbs.openIncidents(), verbs.incidentsSince(subDays(before, incidentDays).getTime())]);
  return [...new Map([...open, ...since].map((incident) => [incident.id, incident])).values()];
}

async function happened(options: LookOptions, key: WorkloadKey, from: Instant) {
  const { verbs, ownershipOf, now } = options;
  const [changes, alerts, records, incidents, state] = await Promise.all([
    verbs.changesBetween(from, now()),
    verbs.alertsBetween(from, now()),
    verbs.auditNewest(searched),
    recentIncidents(options, from),
    verbs.findWorkload(key),
  ]);
  const ownership: Ownership = state ? await ownershipOf(state, changes) : { paths: [], from: "unknown" };
  const own = incidents.filter((incident) => incident.key === key);
  return happenedTo(key, { changes, alerts, records, incidents: own, ownership }, from);
}

async function poolOf({ verbs }: LookOptions, cluster: string, open: readonly Incident[]): Promise<PoolView> {
  const [pool, normal, seenUntil = 0] = await Promise.all([
    verbs.findPool(cluster),
    verbs.findPoolNormal(cluster),
    verbs.findSeenUntil(cluster),
  ]);
  const here = open.filter(({ workload }) => workload.cluster === cluster);
  const { nodes: week, mostNodes: most } = normal ? usualPool(normal) : {};
  // Before a week's normal is known, what an incident takes for usual: its headline says the same.
  const usual = week ?? here.map((incident) => incident.usual.nodes).find((nodes) => nodes !== undefined);
  const began = here.map(climbBegan);
  const known = { cluster, ...(usual !== undefined && { usual }), ...(most !== undefined && { most }) };
  if (!pool) return known;
  const { nodes, at, pendingPods } = pool;
  const since = began.length === 0 ? undefined : Math.min(...began);
  return {
    ...known,
    ...(since !== undefined && { born: { nodes: nodes.length - nodesBefore(nodes, since), since } }),
    seen: {
      // Nodes are told of when they change; nothing has changed since then.
      at: Math.max(at, seenUntil),
      nodes: nodes.length,
      cores: nodes.reduce((sum, { cores }) => sum + cores, 0),
      unready: nodes.filter(({ ready }) => !ready).length,
      cordoned: nodes.filter(({ cordoned }) => cordoned).length,
      pendingPods,
    },
  };
}
