import { expect, vi } from "vitest";
import type { Approval, StepOrder } from "#domain/order.ts";
import { findKube } from "#clients/kubernetes/answer.ts";
import { listNodes, listPods, listPodsOnNode } from "#clients/kubernetes/api.ts";
import type { KubeNode, KubePod } from "#clients/kubernetes/objects.ts";
import { type Field, aDeployment, anApproval, anOrder, openField, untilReady } from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";

/**
 * A field with nodes of its own, kwok's or the simulation's, on which only its own pods may run: `old`, and `new-a` and `new-b` that are
 * born a second later. On a real cluster each also has a DaemonSet's pod, which no drain moves: the scheduler knows a node that has one, and a
 * node autoscaler takes none away as empty while a test looks.
 */
export interface Yard extends Field {
  /** Since then nodes count as new. */
  readonly bornSince: number;
  readonly nodeName: (name: string) => string;
  createNode(name: string, labels?: object): Promise<void>;
  deleteNode(name: string): Promise<void>;
  nodes(): Promise<KubeNode[]>;
  /** Names of those that take no pods. */
  cordoned(): Promise<string[]>;
  /** Its pods there, the DaemonSet's left out. */
  podsOn(name: string): Promise<KubePod[]>;
  /** An order for the yard's nodes. */
  order(over?: Partial<StepOrder>): StepOrder;
  /** A yes to what is previewed now, for the yard's nodes only: others may be adding nodes to the same cluster. */
  approve(order: StepOrder): Promise<Approval>;
  /** Twelve ready pods over all its nodes. */
  spread(pod?: object, replicas?: number): Promise<void>;
  /** Waits until a budget over the twelve says so. */
  guard(name: string, spec: object, said: object): Promise<void>;
}

/** Opens it; disposing deletes its nodes too. */
export async function openYard(open: () => Promise<Field> = openField): Promise<Yard> {
  const field = await open();
  const nodeName = (name: string) => `${field.namespace}-${name}`;
  const nodes = async () =>
    (await listNodes(field.connection)).filter(({ metadata }) => metadata.name.startsWith(`${field.namespace}-`));
  const deleteNode = async (name: string) =>
    void (await findKube(field.connection, { method: "DELETE", path: `/api/v1/nodes/${nodeName(name)}` }));
  const createNode = async (name: string, labels: object = {}) => {
    await field.create("v1/nodes", aNode(field, nodeName(name), labels));
    await vi.waitUntil(() => takesPods(field, nodeName(name)), patient);
  };
  const podsOn = async (name: string) =>
    (await listPods(field.connection, field.namespace)).filter((pod) => pod.spec.nodeName === nodeName(name) && !isDaemon(pod));
  if (field.real) await field.create("apps/v1/daemonsets", aDaemonSet(field));
  await createNode("old");
  // Kubernetes' times are whole seconds: the others shall be born in a later one. The simulation's clock is ahead of the wall's.
  const madeAt = Date.now();
  const bornSince = Date.parse((await field.read("v1/nodes", nodeName("old"))).metadata.creationTimestamp) + 1_000;
  await vi.waitUntil(() => Date.now() >= madeAt + 1_000);
  await createNode("new-a");
  await createNode("new-b");
  return {
    ...field,
    bornSince,
    nodeName,
    nodes,
    createNode,
    deleteNode,
    podsOn,
    cordoned: async () =>
      (await nodes())
        .filter(({ spec }) => spec?.unschedulable)
        .map(({ metadata }) => metadata.name)
        .sort(),
    order: (over = {}) => anOrder(field, { kind: "drain", bornSince, keepNodes: 1, ...over }),
    approve: async (order) => {
      const approval = await anApproval(field, order);
      const { intent } = approval;
      if (!("nodes" in intent)) throw new Error("Expected an intent about nodes");
      return { ...approval, intent: { ...intent, nodes: intent.nodes.filter(({ name }) => name.startsWith(field.namespace)) } };
    },
    spread: async (pod = {}, replicas = 12) => {
      await field.create("apps/v1/deployments", anOwnDeployment(field, pod, replicas));
      await untilReady(field, replicas);
      for (const name of ["new-a", "new-b"]) expect((await podsOn(name)).length).toBeGreaterThan(0);
    },
    guard: async (name, spec, said) => {
      const selector = { matchLabels: { app: "web" } };
      await field.create("policy/v1/poddisruptionbudgets", { metadata: { name }, spec: { selector, ...spec } });
      await vi.waitFor(
        async () => expect((await field.read("policy/v1/poddisruptionbudgets", name)).status).toMatchObject(said),
        patient,
      );
    },
    [Symbol.asyncDispose]: async () => {
      for (const { metadata } of await nodes())
        await findKube(field.connection, { method: "DELETE", path: `/api/v1/nodes/${metadata.name}` });
      await field[Symbol.asyncDispose]();
    },
  };
}

function aNode({ namespace }: Field, name: string, more: object) {
  const offered = { cpu: "4", memory: "64Gi", pods: "110" };
  const labels = { "kubernetes.io/hostname": name, type: "kwok", own: namespace, ...more };
  return {
    metadata: { name, labels, annotations: { "kwok.x-k8s.io/node": "fake" } },
    spec: { taints: [{ key: "own", value: namespace, effect: "NoSchedule" }] },
    status: {
      capacity: offered,
      allocatable: offered,
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "" }],
    },
  };
}

/** New nodes carry a taint until the controllers have seen them ready; the scheduler may hear of that later still. */
async function takesPods(field: Field, name: string): Promise<boolean> {
  const { spec, status } = await field.read("v1/nodes", name);
  const ready = status?.conditions?.some(
    (condition: { type: string; status: string }) => condition.type === "Ready" && condition.status === "True",
  );
  if (!ready || spec.taints?.length !== 1) return false;
  return !field.real || (await listPodsOnNode(field.connection, name)).some(isDaemon);
}

/** Of the kind that belongs to its node. */
export function isDaemon({ metadata }: KubePod): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") === true;
}

function aDaemonSet(field: Field) {
  const { spec } = anOwnDeployment(field).spec.template;
  const labels = { app: "daemon" };
  return {
    metadata: { name: "daemon" },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** Pods that run on nodes of our own only. */
export function anOwnDeployment({ namespace }: Pick<Field, "namespace">, pod: object = {}, replicas = 12) {
  const own = {
    nodeSelector: { own: namespace },
    tolerations: [{ key: "own", operator: "Exists" }],
    terminationGracePeriodSeconds: 1,
  };
  return aDeployment({ replicas }, { ...own, ...pod });
}
