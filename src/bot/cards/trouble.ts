import type { Block } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import type { IllnessKind } from "#domain/illness.ts";
import type { Instant } from "#domain/workload.ts";
import type { Trouble } from "#domain/spike.ts";
import { count, counted, seconds, shortName, when } from "#bot/words.ts";
import { escape } from "#bot/escape.ts";

const mostIllnesses = 4;

/** What is wrong in a few words, for a header; undefined for a runaway, whose numbers say it. */
export function troubleTitle(incident: Incident): string | undefined {
  const lead = leadOf(incident);
  if (lead === "runaway") return undefined;
  const kind = incident.illnesses?.[0]?.kind;
  return (kind && kindTitles[kind]) ?? leadTitles[lead]({ revision: incident.now.revision, ceiling: incident.now.ceiling });
}

/** The same when it is over. */
export function troubleOver(incident: Incident): string | undefined {
  const lead = leadOf(incident);
  return lead === "runaway" ? undefined : overTitles[lead];
}

const kindTitles: Partial<Record<IllnessKind, string>> = {
  slower: "slower since its rollout",
  restarting: "its pods restart since the rollout",
  "no-metrics": "its autoscaler has no metrics",
  flapping: "its autoscaler goes up and down",
  "pending-pods": "many pods wait for a node",
  "many-nodes": "far more nodes than usual",
  "no-new-nodes": "no node can be added",
  "no-pod-addresses": "pods get no address",
  "quota-exhausted": "a quota is exhausted",
};

const leadTitles: Readonly<
  Record<Exclude<Trouble, "runaway">, (at: { revision?: number | undefined; ceiling?: number | undefined }) => string>
> = {
  "rollout-failing": ({ revision }) => `${revision === undefined ? "its rollout" : `revision ${count(revision)}`} fails`,
  "above-ceiling": ({ ceiling }) =>
    `needs more than its ceiling${ceiling === undefined ? "" : ` of ${counted(ceiling, "replica")}`}`,
  "autoscaler-ill": () => "its autoscaler is ill",
  cluster: () => "is in trouble",
};

const overTitles: Readonly<Record<Exclude<Trouble, "runaway">, string>> = {
  "rollout-failing": "its pods are well again",
  "above-ceiling": "its demand fits under the ceiling again",
  "autoscaler-ill": "its autoscaler is well again",
  cluster: "is well again",
};

/** What is seen to be wrong, a line each; what was, where nothing is seen now. The texts are foreign. */
export function illnessLines({ illnesses = [], spike, also = [] }: Incident): string[] {
  const seen = illnesses.slice(0, mostIllnesses).map(({ text }) => escape(text, 350));
  const more = illnesses.length - seen.length;
  if (seen.length > 0) return more > 0 ? [...seen, `… ${count(more)} more`] : seen;
  const said = [spike, ...also].filter(({ trouble = "runaway" }) => trouble !== "runaway");
  return said.slice(0, mostIllnesses).map(({ reason }) => escape(reason, 350));
}

/** What is going on where no count runs away: what is wrong, since when, and how it stands. `hasTitle`: its name stands above already. */
export function renderTrouble(incident: Incident, now: Instant, hasTitle = false): Block[] {
  const isGone = incident.status !== "open";
  const lines = illnessLines(incident);
  const began = `${hasTitle ? "It" : `\`${shortName(incident.workload, 130)}\`: it`} began at ${when(incident.spike.startedAt, now)}${isGone ? ", and is not seen any more. It was:" : "."}`;
  return [section(`*What is going on*\n${[began, ...lines].join("\n")}`), context(readings(incident).join(" · "))];
}

function readings({ workload, now, usual }: Incident): string[] {
  const pending = now.pendingPods > 0 ? `, ${counted(now.pendingPods, "pod")} pending` : "";
  const nodes = `Nodes ${count(now.nodes)}${pending}`;
  if (workload.kind === "Cluster" || workload.kind === "Namespace") return [nodes];
  const latency = now.latencySeconds;
  return [
    `Ready ${count(now.ready)} of ${count(now.desired)}`,
    `Updated ${count(now.updated)} of ${count(now.desired)}`,
    ...(now.ceiling === undefined
      ? []
      : [`Ceiling ${count(now.ceiling)}${now.wanted === undefined ? "" : `, wanted ${count(now.wanted)}`}`]),
    nodes,
    ...(latency === undefined
      ? []
      : [`Latency ${seconds(latency)}${usual.latencySeconds === undefined ? "" : `, usually ${seconds(usual.latencySeconds)}`}`]),
  ];
}

/** What people can do where no button can; undefined: the steps say all. Of fixed words only. */
export function troubleAdvice({ illnesses = [], spike }: Pick<Incident, "illnesses" | "spike">): string | undefined {
  if (spike.trouble === "above-ceiling") return advice["above-ceiling"];
  const known = illnesses.find(({ kind }) => advice[kind] !== undefined);
  return known && advice[known.kind];
}

const advice: Partial<Record<IllnessKind | "above-ceiling", string>> = {
  "above-ceiling":
    "If the load is real, a higher ceiling (`maxReplicas`) is the way; if a change made requests dearer, going back is.",
  "no-metrics": "`kubectl describe hpa` says what is missing: the metrics server, or a CPU request in the pod template.",
  flapping: "A longer stabilization window (`behavior.scaleDown`) or another target calms it.",
  "pending-pods": "`kubectl get events` on one of them says what it waits for: room, an affinity, a volume.",
  "many-nodes": "See which workloads ask for them: requests that grew, or a spread over zones.",
  "no-new-nodes": "Raise the limit of the node group or NodePool, add another instance type or zone, or free room.",
  "no-pod-addresses": "Widen the pods' range or subnet, or take pods off the full nodes.",
  "quota-exhausted": "`kubectl describe resourcequota` shows it: raise the quota, or lower what is requested.",
};
