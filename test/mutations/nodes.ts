import { type Mutation, never } from "./mutation.ts";

const faults = "test/actions/drain-faults.test.ts";
const cordon = "test/actions/cordon.test.ts";
const karpenter = "test/actions/karpenter.test.ts";

/** What acts on nodes promise. */
export const nodes: readonly Mutation[] = [
  {
    guarantee: "A drain that is gone on with evicts nothing twice",
    file: "src/actions/drain-run.ts",
    check: "pod.going ? undefined : await ask(pod)",
    without: "await ask(pod)",
    test: {
      file: faults,
      name: "does not ask again for a pod that is going already",
    },
  },
  {
    guarantee: "A drain never touches a node that has the name of one that is gone",
    file: "src/actions/drain-node.ts",
    check: 'if (!(await findNode(context.connection, node))) return { kind: "emptied" };',
    test: { file: faults, name: "leaves a node alone that takes the place of one that is being emptied" },
  },
  {
    guarantee: "A drain evicts nothing more once all acts are stopped",
    ...never("src/actions/drain-node.ts", "await context.isStopped()"),
    test: { file: faults, name: "ends where all acts are stopped while it runs, and goes on when they may again" },
  },
  {
    guarantee: "A drain begins no further batch after a pod that will not go",
    file: "src/actions/drain-nodes.ts",
    check: "if (first || stopped) return",
    without: "if (stopped) return",
    test: {
      file: faults,
      name: "that a budget holds up for long stops at that pod, says what the budget needs, and touches no further node",
    },
  },
  {
    guarantee: "A drain evicts no pod that nothing would make again",
    ...never("src/actions/pods.ts", "!controller"),
    test: { file: faults, name: "leaves a node with a pod that nothing would make again, and says which" },
  },
  {
    guarantee: "A drain waits as long as the API server asks it to",
    file: "src/actions/drain-node.ts",
    check: "stuck?.problem.waitMs ?? 0",
    without: "0",
    test: { file: faults, name: "waits as long as a busy server asks it to, and does not take that for a budget's no" },
  },
  {
    guarantee: "A drain empties no more nodes at once than the guardrail says",
    file: "src/actions/foretell-drain.ts",
    check: "Math.min(most, Math.max(4, Math.ceil(nodes.length / 10)))",
    without: "Math.max(4, Math.ceil(nodes.length / 10))",
    test: {
      file: "test/actions/foretell.test.ts",
      name: "takes a tenth of the nodes at once, four at least, and never more than the guardrail",
    },
  },
  {
    guarantee: "A drain that stopped half way can be undone",
    file: "src/workflow/steps.ts",
    check: ' || ("partly" in result && result.partly === true)',
    test: {
      file: "test/workflow/undo-drain.test.ts",
      name: "that stopped half way is undone as well, and its step may be pressed again",
    },
  },
  {
    guarantee: "What a run before a crash cordoned can be taken back",
    file: "src/actions/cordon-all.ts",
    check: "isCordoned(node) && isOurs(node, order)",
    without: "false",
    test: {
      file: faults,
      name: "that may not go on after a crash can be taken back: what an earlier run cordoned is ours too",
    },
  },
  {
    guarantee: "A node that somebody else cordoned is not uncordoned",
    file: "src/actions/cordon.ts",
    check: "cordoned.filter((node) => isOurs(node, order))",
    without: "cordoned",
    test: { file: cordon, name: "gives back what a cordon took: only our nodes, only those that are still there" },
  },
  {
    guarantee: "A NodeClaim that Karpenter must not disrupt is left alone",
    file: "src/actions/drain.ts",
    check: "forbidsKarpenter(metadata) || claim?.keep",
    without: "forbidsKarpenter(metadata)",
    test: { file: karpenter, name: "is left alone where its claim says that it must not be disrupted" },
  },
  {
    guarantee: "The deletion of a NodeClaim is bound to its uid",
    file: "src/clients/kubernetes/karpenter.ts",
    check: "preconditions: { uid },",
    test: { file: karpenter, name: "the deletion is bound to the claim's uid" },
  },
  {
    guarantee: "No drain moves a pod of a protected namespace",
    ...never("src/actions/pods.ts", 'isProtected(pod.metadata.namespace ?? "")'),
    test: {
      file: "test/actions/drain.test.ts",
      name: "leaves a node alone where a pod of a protected namespace would have to move, and counts none that belongs to its node",
    },
  },
  {
    guarantee: "Karpenter is not made to move pods in a namespace where we may not evict",
    file: "src/actions/drain.ts",
    check: "new Map(moving.map((pod) => [pod.namespace, pod]))",
    without: "new Map<string, NodePod>()",
    test: { file: karpenter, name: "is refused where the agent may not evict in a namespace whose pods Karpenter would move" },
  },
];
