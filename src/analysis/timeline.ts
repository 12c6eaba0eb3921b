import type { Change, Landing, OtherChange, PoolChange } from "#domain/change.ts";
import { wordsOf } from "#domain/change-words.ts";
import { type Incident, type TimelineEntry, leadOf } from "#domain/incident.ts";
import { stepName, wasDone } from "#domain/plan.ts";
import type { Alert } from "#domain/spike.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { count, titleOf } from "./words.ts";

const HOUR = 3_600_000;
/** Landings are shown only when they are suspects; other changes from so long before the climb. */
const SHOWN_BEFORE_MS = 2 * HOUR;
const SUSPECTS_SHOWN = 3;

/** What an incident's facts add to its timeline now. Ids are natural: the same entry comes back the same, and replaces itself. */
export function timelineOf(incident: Incident, changes: readonly Change[], now: Instant): TimelineEntry[] {
  const from = incident.spike.startedAt - SHOWN_BEFORE_MS;
  const own = changes
    .filter((change) => change.at >= from && change.at <= now)
    .flatMap((change) => changeEntry(change, incident.key));
  return [
    ...suspectEntries(incident),
    ...own,
    ...incident.alerts.map(alertEntry),
    ...(leadOf(incident) === "runaway" ? [...replicaEntries(incident), ...nodeEntries(incident)] : []),
    ...troubleEntries(incident),
    ...actEntries(incident),
    ...stateEntries(incident),
  ].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** A change of the workload itself as an entry; nothing for one of another, for a landing, and for nodes. */
export function changeEntry(change: Change, key: WorkloadKey): TimelineEntry[] {
  // Nodes come one by one: their steps are told from the incident's own looks.
  if (change.kind === "pool-change" || change.kind === "landing" || !concerns(change, key)) return [];
  const { id, at } = change;
  if (change.kind === "rollout") {
    const commit = change.commit ? ` of ${change.commit.sha.slice(0, 7)}` : "";
    const text = `Revision ${change.revision}${commit} rolls out.`;
    return [{ id, at, kind: "rollout", text, short: `revision ${change.revision} rolls out` }];
  }
  const kind = change.kind === "autoscaler-edit" ? "autoscaler" : change.kind;
  return [{ id, at, kind, text: `${wordsOf(change)}.`, short: shortOf(change) }];
}

/** For the picture, where a line has room for some 25 letters. */
function shortOf(change: Exclude<OtherChange, PoolChange>): string {
  switch (change.kind) {
    case "scaling":
      return `scaled ${count(change.from)} to ${count(change.to)}`;
    case "autoscaler-edit":
      return change.from.max === change.to.max
        ? `floor ${count(change.from.min)} to ${count(change.to.min)}`
        : `ceiling ${count(change.from.max)} to ${count(change.to.max)}`;
    case "config-edit":
      return `${change.object} ${change.name} ${change.what}`;
    case "reported":
      return titleOf(change.title, 60);
  }
}

function concerns(change: Exclude<Change, Landing | PoolChange>, key: WorkloadKey): boolean {
  if (change.kind === "config-edit") return change.usedBy.includes(key);
  return change.kind === "reported" ? change.workloads.includes(key) : change.workload === key;
}

function suspectEntries({ diagnosis }: Incident): TimelineEntry[] {
  if (!diagnosis?.named) return [];
  return diagnosis.suspects.slice(0, SUSPECTS_SHOWN).flatMap(({ subject }): TimelineEntry[] => {
    if (subject.kind !== "landing") return [];
    const { id, at, sha, message, author } = subject.landing;
    return [
      {
        id,
        at,
        kind: "landing",
        text: `${sha.slice(0, 7)} "${titleOf(message, 80)}" by ${author.name} lands.`,
        short: `${sha.slice(0, 7)} lands`,
      },
    ];
  });
}

/** An alert as an entry. */
export function alertEntry({ id, at, source, message, status }: Alert): TimelineEntry {
  return {
    id: `alert/${id}`,
    at,
    kind: "alert",
    text: `${source === "opsgenie" ? "Opsgenie" : "Alertmanager"}: ${titleOf(message, 120)}${status === "closed" ? " (closed)" : ""}`,
    short: titleOf(message, 60),
  };
}

/** The spike itself, and the doublings of the count since, as looks found them. */
function replicaEntries(incident: Incident): TimelineEntry[] {
  const { spike, usual, now, peak } = incident;
  const first: TimelineEntry = { id: `replicas/${spike.detectedAt}`, at: spike.detectedAt, kind: "replicas", text: spike.reason };
  const factor = now.desired < peak.replicas ? 1 : doublings(now.desired / spike.value);
  const text = `${count(now.desired, "replica")} wanted, ${count(now.ready)} ready (usual ${count(usual.replicas)}).`;
  return factor < 2
    ? [first]
    : [first, ...unlessKnown(incident, { id: `replicas/x${factor}`, at: now.at, kind: "replicas", text })];
}

/** What it was opened for, what joined, and every kind of illness when it was first told. */
function troubleEntries(incident: Incident): TimelineEntry[] {
  const spikes = [incident.spike, ...(incident.also ?? [])].filter(({ trouble = "runaway" }) => trouble !== "runaway");
  const told = new Set(spikes.map(({ reason }) => reason));
  return [
    ...spikes.map(({ trouble, detectedAt, reason }): TimelineEntry => ({
      id: `illness/${trouble}/${detectedAt}`,
      at: detectedAt,
      kind: "illness",
      text: reason,
      short: trouble?.replaceAll("-", " "),
    })),
    ...(incident.illnesses ?? [])
      .filter(({ text }) => !told.has(text))
      .filter(({ toldAt }) => spikes.every(({ detectedAt }) => detectedAt !== toldAt))
      .flatMap(({ kind, toldAt, text }) =>
        unlessKnown(incident, {
          id: `illness/${kind}/${toldAt}`,
          at: toldAt,
          kind: "illness",
          text,
          short: kind.replaceAll("-", " "),
        }),
      ),
  ];
}

/** The first node more than usual, and the doublings. */
function nodeEntries(incident: Incident): TimelineEntry[] {
  const { now, usual, peak } = incident;
  if (usual.nodes === undefined || usual.nodes < 1 || now.nodes < peak.nodes || now.nodes <= usual.nodes) return [];
  const pending = now.pendingPods > 0 ? `, ${count(now.pendingPods, "pod")} pending` : "";
  const text = `${count(now.nodes, "node")} (usual ${count(usual.nodes)})${pending}.`;
  return unlessKnown(incident, { id: `nodes/x${doublings(now.nodes / usual.nodes)}`, at: now.at, kind: "nodes", text });
}

/** The highest power of two that a factor reaches. */
function doublings(factor: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(factor)));
}

/** The first look that found it stays. */
function unlessKnown({ timeline }: Incident, entry: TimelineEntry): TimelineEntry[] {
  return timeline.some((known) => known.id === entry.id) ? [] : [entry];
}

function actEntries({ plan }: Incident): TimelineEntry[] {
  return plan.flatMap((step): TimelineEntry[] =>
    step.at === undefined || (!wasDone(step) && step.state !== "failed")
      ? []
      : [
          {
            id: `act/${step.id}/${wasDone(step) ? "done" : "failed"}/${step.at}`,
            at: step.at,
            kind: "act",
            text: step.outcome ?? (wasDone(step) ? `${step.summary} Done.` : `${step.summary} It failed.`),
            short: wasDone(step) ? stepName[step.kind] : `${stepName[step.kind]} failed`,
          },
        ],
  );
}

function stateEntries(incident: Incident): TimelineEntry[] {
  const texts = leadOf(incident) === "runaway" ? RUNAWAY_STATES : TROUBLE_STATES;
  const states = [
    { word: "mitigated", at: incident.mitigatedAt, text: texts.mitigated },
    { word: "recovered", at: incident.recoveredAt, text: texts.recovered },
    { word: "settled", at: incident.settledAt, text: texts.settled },
  ];
  return states.flatMap(({ word, at, text }): TimelineEntry[] =>
    at === undefined ? [] : [{ id: `state/${word}`, at, kind: "state", text }],
  );
}

const RUNAWAY_STATES = {
  mitigated: "Mitigated: the count has stopped rising.",
  recovered: "Recovered: ready, and cost and latency near usual.",
  settled: "Settled: replicas and nodes as usual.",
};
const TROUBLE_STATES = {
  mitigated: "Mitigated: it is not seen any more.",
  recovered: "Recovered: it is not seen any more, and no pod is missing for it.",
  settled: "Settled: it has stayed away for five minutes.",
};
