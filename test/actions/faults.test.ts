import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ActResult, Approval, StepOrder } from "#domain/order.ts";
import type { StepPort } from "#domain/ports/cluster.ts";
import { createSteps } from "#actions/steps.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { TemporaryError } from "#lib/errors.ts";
import { silentLog } from "#lib/log.ts";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { type SimulatedCluster, startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { formatKubeconfig } from "#sim/cluster/kubeconfig.ts";
import type { KubeObject, ResourceName } from "#sim/cluster/types.ts";
import { type Live, aDeployment, anAutoscaler, expectPreview, quickClock } from "#test/actions/harness.ts";

// What every act must survive, by faults that only the simulation has on demand.
const reading = { verbs: ["get", "list"], apiGroups: ["*"], resources: ["*"] };
const tokens = [
  { token: "all", user: "agent" },
  { token: "reader", user: "reader", rules: [reading] },
  {
    token: "eventless",
    user: "eventless",
    rules: [
      reading,
      { verbs: ["patch", "create"], apiGroups: ["apps", "autoscaling", "policy"], resources: ["*"] },
      { verbs: ["patch"], apiGroups: [""], resources: ["nodes"] },
    ],
  },
] as const;
type Token = (typeof tokens)[number]["token"];

let cluster: SimulatedCluster;
let stack: AsyncDisposableStack;
let namespace: string;
const connections = new Map<Token, KubeConnection>();
/** Writes that were sent and were no dry runs, events apart. */
let writes: string[] = [];

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const clock = createSimClock(formatClock(Date.now(), Date.now(), 20));
  cluster = stack.use(await startSimulatedCluster({ clock, seed: 1, nodes: 2, tokens }));
  const folder = await mkdtemp(join(tmpdir(), "why-faults-"));
  stack.defer(() => rm(folder, { recursive: true }));
  for (const { token } of tokens) {
    const kubeconfigPath = join(folder, token);
    await writeFile(kubeconfigPath, formatKubeconfig(cluster.url, { token }));
    connections.set(token, counted(stack.use(createKubeConnection({ kubeconfigPath }))));
  }
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  namespace = `faults-${randomBytes(4).toString("hex")}`;
  cluster.faults.heal();
  cluster.store.create("v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  writes = [];
});

function counted(connection: KubeConnection): KubeConnection {
  return {
    ...connection,
    send: (asked) => {
      const { method = "GET", path, query } = asked;
      if (method !== "GET" && query?.["dryRun"] === undefined && !path.endsWith("/events")) writes.push(`${method} ${path}`);
      return connection.send(asked);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

function stepsOf(token: Token): StepPort {
  const connection = connections.get(token);
  if (!connection) throw new Error(`There is no connection for ${token}`);
  return createSteps({ connection, cluster: "prod", clock: quickClock(), log: silentLog });
}

/** How one act is made ready, and what its target looks like afterwards. */
interface Case {
  readonly act: StepOrder["kind"];
  readonly target: readonly [resource: ResourceName, kind: string, plural: string];
  readonly order?: () => Partial<StepOrder>;
  /** Makes the objects; the target is called `web` (a node: after the namespace). */
  readonly prepare: () => Promise<void> | void;
  /** The value that the act writes. */
  readonly written: (target: Live) => unknown;
  readonly after: unknown;
  /** Somebody else changes what the act replaces or relies on. */
  readonly edit: object;
  /** Puts back what stood there before the act. */
  readonly undo: object;
}

const hpa = ["autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscaler", "horizontalpodautoscalers"] as const;
const deployment = ["apps/v1/deployments", "Deployment", "deployments"] as const;
const maxReplicas = (value: number) => ({ spec: { maxReplicas: value } });
const image = (value: string) => ({ spec: { template: { spec: { containers: [{ name: "app", image: value }] } } } });
const imageOf = (target: Live) => target.spec.template.spec.containers[0].image;
const restartedAt = (target: Live) => target.spec.template.metadata.annotations?.["kubectl.kubernetes.io/restartedAt"];
const restarted = (value: string | null) => ({
  spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": value } } } },
});

function make(resource: string, kind: string, body: { readonly metadata: object; readonly spec?: unknown }): void {
  const at = resource.lastIndexOf("/");
  cluster.store.create(
    resource as ResourceName,
    {
      apiVersion: resource.slice(0, at),
      kind,
      ...body,
      metadata: { ...body.metadata, namespace },
    } as Parameters<typeof cluster.store.create>[1],
  );
}
const makeDeployment = (over: object = {}) => make(deployment[0], "Deployment", aDeployment(over));
const makeAutoscaler = (annotations?: object) => {
  makeDeployment();
  make(hpa[0], hpa[1], anAutoscaler({}, annotations && { annotations }));
};

async function untilRevision(revision: string): Promise<void> {
  const look = () => {
    const { metadata, status } = cluster.store.get(deployment[0], namespace, "web") as Live;
    return [metadata.annotations?.["deployment.kubernetes.io/revision"], status?.updatedReplicas, status?.readyReplicas];
  };
  await expect.poll(look, { timeout: 20_000, interval: 20 }).toEqual([revision, 4, 4]);
}

const cases: readonly Case[] = [
  {
    act: "cap",
    target: hpa,
    prepare: () => makeAutoscaler(),
    written: ({ spec }) => spec.maxReplicas,
    after: 4,
    edit: maxReplicas(333),
    undo: maxReplicas(400),
  },
  {
    act: "lower",
    target: hpa,
    order: () => ({ capFloor: 20 }),
    prepare: () => makeAutoscaler(),
    written: ({ spec }) => spec.maxReplicas,
    after: 20,
    edit: maxReplicas(333),
    undo: maxReplicas(400),
  },
  {
    act: "restore",
    target: hpa,
    prepare: () => makeAutoscaler({ "k8s-why.dev/capped-from": "900", "k8s-why.dev/capped-to": "400" }),
    written: ({ spec }) => spec.maxReplicas,
    after: 900,
    edit: maxReplicas(333),
    undo: maxReplicas(400),
  },
  {
    act: "rollback",
    target: deployment,
    order: () => ({ revision: 1 }),
    prepare: async () => {
      makeDeployment();
      await untilRevision("1");
      change(image("registry.example/web:bad"));
      await untilRevision("2");
    },
    written: imageOf,
    after: "registry.example/web:1",
    edit: image("registry.example/web:hotfix"),
    undo: image("registry.example/web:bad"),
  },
  {
    act: "scale",
    target: deployment,
    order: () => ({ replicas: 9 }),
    prepare: () => makeDeployment(),
    written: ({ spec }) => spec.replicas,
    after: 9,
    edit: { spec: { replicas: 5 } },
    undo: { spec: { replicas: 4 } },
  },
  {
    act: "pause",
    target: deployment,
    prepare: () => makeDeployment(),
    written: ({ spec }) => spec.paused ?? false,
    after: true,
    edit: image("registry.example/web:hotfix"),
    undo: { spec: { paused: null } },
  },
  {
    act: "resume",
    target: deployment,
    prepare: () => makeDeployment({ paused: true }),
    written: ({ spec }) => spec.paused ?? false,
    after: false,
    edit: image("registry.example/web:hotfix"),
    undo: { spec: { paused: true } },
  },
  {
    act: "restart",
    target: deployment,
    prepare: () => makeDeployment(),
    written: (target) => restartedAt(target) !== undefined,
    after: true,
    edit: image("registry.example/web:hotfix"),
    undo: restarted(null),
  },
];

let current: Case;
const theTarget = (): Live => cluster.store.get(current.target[0], namespace, "web");
const isWritten = () => JSON.stringify(current.written(theTarget())) === JSON.stringify(current.after);

/** Somebody else merges this into the target. */
function change(body: object): void {
  const [resource, kind] = current.target;
  const apiVersion = resource.slice(0, resource.lastIndexOf("/"));
  cluster.apply({ apiVersion, kind, ...body, metadata: { name: "web", namespace } });
}

function replace(): void {
  const { metadata, spec, kind }: KubeObject = theTarget();
  cluster.store.delete(current.target[0], namespace, "web");
  make(current.target[0], kind ?? "", {
    spec,
    metadata: { name: "web", labels: metadata.labels, annotations: metadata.annotations },
  });
}

const befall = (mishap: Omit<Parameters<typeof cluster.faults.befall>[0], "method" | "plural">) =>
  cluster.faults.befall({ method: "PATCH", plural: current.target[2], namespace, ...mishap });

describe.each(cases)("$act", { timeout: 60_000 }, (one) => {
  let order: StepOrder;
  let approval: Approval;
  const act = (token: Token = "all") => stepsOf(token).act(approval, order);
  const failure = async (): Promise<unknown> => act().then(undefined, (error: unknown) => error);
  /** As the queue does: again while the other side cannot answer. */
  const actAgain = async (): Promise<ActResult> => {
    let result: ActResult | undefined;
    const once = async () => (result = await act().catch(() => undefined))?.kind;
    await expect.poll(once, { timeout: 20_000, interval: 50 }).toBeDefined();
    return result as ActResult;
  };

  beforeEach(async () => {
    current = one;
    await one.prepare();
    const workload = { cluster: "prod", namespace, kind: "Deployment", name: "web" } as const;
    order = { incidentId: "inc-1", stepId: one.act, kind: one.act, workload, ...one.order?.() };
    const { intent } = expectPreview(await stepsOf("all").preview(order));
    approval = { incidentId: "inc-1", stepId: one.act, by: "U1", at: 0, intent };
  });

  it("does nothing before it is approved", () => {
    expect([isWritten(), writes]).toEqual([false, []]);
  });

  it("is done once, however often it runs, and leaves one Event", async () => {
    const first = await act();
    writes = [];
    const second = await actAgain();

    expect([first.kind, second.kind, isWritten()]).toEqual(["done", "already-done", true]);
    expect(writes).toEqual([]);
    expect(theTarget().metadata.annotations["k8s-why.dev/incident"]).toBe("inc-1");
    expect(ownEvents()).toHaveLength(1);
  });

  it("refuses when the object was deleted", async () => {
    cluster.store.delete(one.target[0], namespace, "web");

    expect((await act()).kind).toBe("refused");
    expect(writes).toEqual([]);
  });

  it("is stale when another object has its name", async () => {
    replace();
    const result = await actAgain();

    // A Deployment that was made anew has no history to go back to.
    expect(result.kind).toBe(one.act === "rollback" ? "refused" : "stale");
    expect([isWritten(), writes]).toEqual([false, []]);
  });

  it("is stale when somebody edited it since it was shown", async () => {
    change(one.edit);
    const result = await actAgain();

    expect(result.kind).toBe("stale");
    expect([isWritten(), writes]).toEqual([false, []]);
  });

  it("is stale when somebody edits it between the last look and the write", async () => {
    befall({ before: () => change(one.edit) });
    const result = await actAgain();

    expect(result.kind).toBe("stale");
    expect(isWritten()).toBe(false);
  });

  it("refuses when it is deleted between the last look and the write", async () => {
    befall({ before: () => cluster.store.delete(one.target[0], namespace, "web") });

    expect((await act()).kind).toBe("refused");
  });

  it("looks again and writes after a conflict", async () => {
    befall({ refusal: { code: 409, reason: "Conflict" } });

    expect([(await act()).kind, isWritten()]).toEqual(["done", true]);
    expect(writes.length).toBeGreaterThanOrEqual(2);
  });

  it("waits as long as it is told to, and writes then", async () => {
    befall({ refusal: { code: 429, reason: "TooManyRequests", retryAfterSeconds: 7 } });

    expect(await failure()).toMatchObject({ name: "TemporaryError", retryAfterMs: 7_000 });
    expect(isWritten()).toBe(false);
    expect([(await act()).kind, isWritten()]).toEqual(["done", true]);
  });

  it("is tried again after an error of the server", async () => {
    befall({ refusal: { code: 500, reason: "InternalError" } });

    expect(await failure()).toBeInstanceOf(TemporaryError);
    expect([(await act()).kind, isWritten()]).toEqual(["done", true]);
  });

  it("finds its own work where the answer was lost, and does not repeat it", async () => {
    befall({ answerLost: true });

    expect(await failure()).toBeInstanceOf(TemporaryError);
    expect([isWritten(), writes.length]).toEqual([true, 1]);
    expect((await actAgain()).kind).toBe("already-done");
    expect(writes).toHaveLength(1);
    expect(ownEvents()).toHaveLength(1);
  });

  it("says that it may not", async () => {
    const reader = stepsOf("reader");

    const results = [await reader.preview(order), await reader.act(approval, order)];

    for (const result of results)
      expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("cannot patch") });
    expect(isWritten()).toBe(false);
  });

  it("is done without the right to write Events, and says so", async () => {
    expect(await act("eventless")).toMatchObject({ kind: "done", text: expect.stringContaining("No Event could be written") });
    expect([isWritten(), ownEvents()]).toEqual([true, []]);
  });

  it("notices that something puts it back at once, and says so", async () => {
    befall({ after: () => change(one.undo) });

    expect(await act()).toMatchObject({ kind: "refused", text: expect.stringContaining("at once: look for the tool") });
    expect(ownEvents()).toEqual([]);
  });
});

function ownEvents(): readonly KubeObject[] {
  return [...cluster.store.list("v1/events", namespace)].filter((event) => (event as Live).reportingComponent === "k8s-why");
}
