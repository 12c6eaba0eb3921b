import { count, listed } from "#analysis/words.ts";
import type { ClusterFacts, Heard } from "./cluster-facts.ts";
import { type Rule, quoted } from "./facts.ts";

const MINUTE = 60_000;
/** Pods wait for a new node for some minutes each time: that is no news. */
const PENDING_HOLD_MS = 10 * MINUTE;
const LEAST_PENDING = 10;
const PENDING_FACTOR = 3;
/** Nodes: this far above the median hour, above the week's highest hour, and at least so many more. */
const NODES_FACTOR = 2;
const ABOVE_KNOWN = 1.25;
const LEAST_MORE_NODES = 5;
/** An event speaks of now for so long; autoscalers repeat theirs every scan (10 s) and back off for five minutes. */
const FRESH_MS = 5 * MINUTE;
/** So many pods without an address are no hiccup of one node. */
const LEAST_PODS = 3;

/** Far more pods wait for a node than usual, for long. */
export const pendingPods: Rule<ClusterFacts> = ({ pendingPods: now, usual, nodes }) => {
  if (now < Math.max(LEAST_PENDING, PENDING_FACTOR * usual.pendingPods)) return undefined;
  const text = `${count(now, "pod")} wait for a node (in the last week's worst hour ${count(usual.pendingPods)} did); ${count(nodes, "node")} run.`;
  return { kind: "pending-pods", value: now, usual: usual.pendingPods, text, holdMs: PENDING_HOLD_MS };
};

/** Far more nodes than usual. */
export const manyNodes: Rule<ClusterFacts> = ({ nodes, usual }) => {
  if (usual.nodes === undefined || usual.mostNodes === undefined) return undefined;
  const least = Math.max(NODES_FACTOR * usual.nodes, ABOVE_KNOWN * usual.mostNodes, usual.nodes + LEAST_MORE_NODES);
  if (nodes < least) return undefined;
  const text = `${count(nodes, "node")} run, usually ${count(usual.nodes)} (at most ${count(usual.mostNodes)} in the last week).`;
  return { kind: "many-nodes", value: nodes, usual: usual.nodes, text, holdMs: 10 * MINUTE };
};

/** Reasons with which Cluster Autoscaler and Karpenter say that a node could not be had. */
const FAILED = new Set([
  "FailedToScaleUpGroup",
  "FailedToScaleUp",
  "ScaleUpTimedOut",
  "ScaleUpFailed",
  "InsufficientCapacityError",
  "NodeClassNotReady",
]);
/** Reasons that are common (an affinity that no node meets) and only tell of capacity with these words. */
const REFUSED = new Set(["NotTriggerScaleUp", "FailedScheduling"]);
const NO_CAPACITY =
  /max node group size reached|max(?:imum)? cluster \w+ limit|max total nodes|exceed(?:ed|s)? limits? for nodepool|limits? exceeded|insufficient capacity|in backoff|quota_?\s?exceeded|out of (?:stock|capacity)/i;

/** Pods wait, and the node autoscaler says that it can get no node. */
export const noNewNodes: Rule<ClusterFacts> = ({ at, pendingPods: waiting, nodes, heard, autoscalerProblem }) => {
  const fresh = heard.filter((event) => at - event.at <= FRESH_MS && isNoCapacity(event));
  const said = fresh.at(-1)?.message ?? autoscalerProblem;
  if (waiting === 0 || said === undefined) return undefined;
  const text = `The node autoscaler gets no node for ${count(waiting, "pod")} that ${waiting === 1 ? "waits" : "wait"}: ${quoted(said)}. ${count(nodes, "node")} run.`;
  return { kind: "no-new-nodes", value: waiting, usual: 0, text, holdMs: 3 * MINUTE };
};

function isNoCapacity({ reason, message }: Heard): boolean {
  return FAILED.has(reason) || (REFUSED.has(reason) && NO_CAPACITY.test(message));
}

/** Words of the common network plugins (host-local, AWS VPC CNI, Azure, Calico, Cilium) for "no address is left". */
const NO_ADDRESS =
  /no (?:more |free |available )*ip(?:v4|v6)? ?address(?:es)?|failed to assign an ip address|no (?:more )?available (?:ip )?addresses|no more ips|out of ips?\b|ip_space_exhausted|insufficientfreeaddresses|range is full|ipam.*(?:exhausted|full)|no address left/i;

/** Pods have a node and get no address. */
export const noPodAddresses: Rule<ClusterFacts> = ({ heard }) => {
  const said = heard.filter(
    ({ reason, message }) => reason === "CIDRNotAvailable" || (reason === "FailedCreatePodSandBox" && NO_ADDRESS.test(message)),
  );
  const pods = new Set(said.map(({ involved, namespace = "" }) => `${namespace}/${involved}`));
  const last = said.at(-1);
  if (!last || pods.size < LEAST_PODS) return undefined;
  const names = [...pods].map((pod) => pod.replace("/Pod/", "/"));
  const text = `${count(pods.size, "pod")} got no address in the last ten minutes (${listed(names, 2)}): ${quoted(tailOf(last.message))}.`;
  return { kind: "no-pod-addresses", value: pods.size, usual: 0, text, holdMs: MINUTE };
};

/** The end of a chain of errors says what is the matter. */
function tailOf(message: string): string {
  const found = NO_ADDRESS.exec(message);
  return found ? message.slice(found.index) : message;
}
