import type { ActResult, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { DrainIntent, NodeRef } from "#domain/intent.ts";
import { listPdbs } from "#clients/kubernetes/api.ts";
import { evictPod } from "#clients/kubernetes/eviction.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused } from "./action.ts";
import { budgetWarnings, toBudget } from "./budgets.ts";
import { type Claim, readClaims, rehearseRelease } from "./claims.ts";
import { cordonNode } from "./cordon-node.ts";
import { drainNodes } from "./drain-nodes.ts";
import { foretoldEffect } from "./drain-words.ts";
import { foretellDrain } from "./foretell-drain.ts";
import type { Outcome } from "./foretell.ts";
import { candidatesOf, isCordoned, namesOf, readWorkers } from "./nodes.ts";
import { type NodePod, forbidsKarpenter, keptPod, readBoundPods } from "./pods.ts";
import { roomWarnings } from "./room.ts";
import { tryWrite } from "./write.ts";

/**
 * Gives back the nodes of a spike: cordons and empties them. The node autoscaler removes the empty ones; where Karpenter owns a node, its
 * NodeClaim is deleted. We never delete a Node.
 */
export function createDrain(context: ActionContext): Action<DrainIntent> {
  return {
    preview: async (order) => {
      const { bornSince, keepNodes = 1 } = order;
      const { connection } = context;
      if (bornSince === undefined) return refused("Nobody knows since when nodes were added.");
      const workers = await readWorkers(connection);
      const candidates = candidatesOf(workers, bornSince, Math.max(1, keepNodes));
      const claims = await readClaims(connection, candidates);
      if (claims.kind === "refused") return claims;
      const pods = candidates.length > 0 ? await readBoundPods(context) : [];
      const sorted = sortOut(candidates, pods, claims.of);
      const { chosen, moving, kept } = sorted;
      if (chosen.length === 0) return nothingToGive(workers.length, kept);
      const refs = chosen.map((node) => toRef(node, claims.of));
      const no = await rehearse(context, order, sorted, refs);
      if (no) return no;
      const staying = workers.filter((node) => !chosen.includes(node) && !isCordoned(node));
      const warnings = [
        ...keptWarnings(kept),
        ...budgetWarnings(moving, (await listPdbs(connection)).map(toBudget)),
        ...roomWarnings(moving, staying, pods),
      ];
      const foretold = await foretellDrain(context, refs, pods);
      return { kind: "preview", preview: { ...toPreview(context, workers, sorted, refs, foretold), warnings } };
    },
    act: (intent, order): Promise<ActResult> => drainNodes(context, intent, order),
  };
}

const mostNamespaces = 12;

interface Sorted {
  readonly chosen: readonly KubeNode[];
  /** Pods on these that are evicted. */
  readonly moving: readonly NodePod[];
  /** Nodes that are left alone, each with a sentence's part that says why. */
  readonly kept: readonly string[];
}

function sortOut(candidates: readonly KubeNode[], pods: readonly NodePod[], claims: ReadonlyMap<string, Claim>): Sorted {
  const podsOf = Map.groupBy(pods, ({ node }) => node);
  const on = ({ metadata }: KubeNode) => podsOf.get(metadata.name) ?? [];
  const whyKept = (node: KubeNode) => whyKeep(node, on(node), claims.get(node.metadata.name));
  const chosen = candidates.filter((node) => whyKept(node) === undefined && !isEmptied(node, on(node), claims));
  const moving = chosen.flatMap((node) => on(node).filter(({ fate }) => fate.kind === "evict"));
  return { chosen, moving, kept: candidates.map(whyKept).filter((why) => why !== undefined) };
}

function whyKeep({ metadata }: KubeNode, pods: readonly NodePod[], claim: Claim | undefined): string | undefined {
  if (forbidsKarpenter(metadata) || claim?.keep) return `${metadata.name} says that Karpenter must not disrupt it`;
  const pod = keptPod(pods);
  return pod?.fate.kind === "keep" ? `on ${metadata.name}, ${pod.namespace}/${pod.name} ${pod.fate.why}` : undefined;
}

/** Of Karpenter's nodes the claim still has to go. */
function isEmptied(node: KubeNode, pods: readonly NodePod[], claims: ReadonlyMap<string, Claim>): boolean {
  return isCordoned(node) && !claims.has(node.metadata.name) && pods.every(({ fate }) => fate.kind === "ignore");
}

function toRef({ metadata: { name, uid } }: KubeNode, claims: ReadonlyMap<string, Claim>): NodeRef {
  const claim = claims.get(name);
  return { name, uid, ...(claim && { claim: { name: claim.name, uid: claim.uid } }) };
}

function nothingToGive(workers: number, kept: readonly string[]): PreviewResult {
  if (kept.length > 0) return refused(keptWarnings(kept).join(" "));
  return alreadyDone(`No node is left to give back: ${counted(workers, "node")} in all.`);
}

/** Dry runs that show a missing right before a person decides: one cordon, one claim, and of each namespace one eviction, whoever will ask for it. */
async function rehearse(
  context: ActionContext,
  order: StepOrder,
  { chosen: [node], moving }: Sorted,
  refs: readonly NodeRef[],
): Promise<PreviewResult | undefined> {
  if (!node) return undefined;
  const cordon = await cordonNode(context, node, { order });
  if (cordon.kind === "refused") return cordon;
  const claimed = refs.find(({ claim }) => claim);
  const release = claimed && (await rehearseRelease(context, claimed));
  if (release) return release;
  // Of Karpenter's nodes too: it would evict what we may not, in namespaces that nobody opened to us.
  const onePerNamespace = new Map(moving.map((pod) => [pod.namespace, pod]));
  for (const pod of onePerNamespace.values()) {
    const eviction = await tryWrite(() => evictPod(context.connection, pod, { dryRun: true }));
    if (eviction.kind === "refused") return eviction;
  }
  return undefined;
}

function keptWarnings(kept: readonly string[]): string[] {
  const [first] = kept;
  if (first === undefined) return [];
  return [`${counted(kept.length, "node")} of the spike ${kept.length === 1 ? "is" : "are"} left alone: ${first}.`];
}

/** Those of the incident's namespace are not the only ones that stand there. */
function namespacesEffect(moving: readonly NodePod[]): string[] {
  const names = [...new Set(moving.map(({ namespace }) => namespace))].toSorted();
  if (names.length === 0) return [];
  const rest = names.length - mostNamespaces;
  return [`Their namespaces: ${names.slice(0, mostNamespaces).join(", ")}${rest > 0 ? ` and ${count(rest)} more` : ""}.`];
}

function toPreview(
  { clock, cluster }: ActionContext,
  workers: readonly KubeNode[],
  { chosen, moving }: Sorted,
  refs: readonly NodeRef[],
  foretold: Outcome,
): Omit<Preview, "warnings"> {
  const takingPods = workers.filter((node) => !isCordoned(node)).length;
  const left = workers.filter((node) => !isCordoned(node) && !chosen.includes(node)).length;
  const claimed = refs.filter(({ claim }) => claim).length;
  const others = refs.length - claimed;
  return {
    at: clock.now(),
    intent: { kind: "drain", cluster, nodes: refs },
    effects: [
      `${counted(chosen.length, "node")} born in the spike, youngest first, take no more pods: ${namesOf(chosen)}.`,
      `${counted(moving.length, "pod")} on them are evicted, of a workload a tenth at once and no more than its disruption budget allows, and start elsewhere. At the first pod that will not go, it stops.`,
      ...namespacesEffect(moving),
      foretoldEffect(foretold, refs.length),
      ...(claimed > 0
        ? [
            `Karpenter owns ${count(claimed)} of them: their NodeClaims are deleted, and Karpenter empties and ends them, as fast as budgets allow. That cannot be undone.`,
          ]
        : []),
      ...(others > 0
        ? ["Empty nodes are removed by the node autoscaler, usually after about 10 minutes. No Node is deleted here."]
        : []),
    ],
    changes: [{ what: "Nodes that take pods", before: count(takingPods), after: count(left) }],
    dryRun: "accepted",
  };
}
