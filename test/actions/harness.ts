import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { Approval, PreviewResult, StepOrder } from "#domain/order.ts";
import type { StepPort } from "#domain/ports/cluster.ts";
import { createSteps } from "#actions/steps.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { expectKube, findKube } from "#clients/kubernetes/answer.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { silentLog } from "#lib/log.ts";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { patient, realCluster } from "#test/real-cluster.ts";

/** The cluster of `K8S_WHY_TEST_KUBECONFIG`, else a simulated one; with a namespace that goes with it. */
export interface Field extends AsyncDisposable {
  readonly connection: KubeConnection;
  readonly namespace: string;
  /** False for the simulation. */
  readonly real: boolean;
  readonly steps: StepPort;
  /** What acts said while they went on. */
  readonly progress: string[];
  /** Where objects of the namespace live: `apps/v1/deployments`. */
  create(resource: string, body: object): Promise<void>;
  read(resource: string, name: string): Promise<Live>;
  merge(resource: string, name: string, body: object): Promise<void>;
}

// Foreign JSON that tests look into freely.
// oxlint-disable-next-line typescript/no-explicit-any
export type Live = any;

/** Opens it; disposing deletes the namespace. `given`: of a cluster that is there already. */
export async function openField(given = realCluster): Promise<Field> {
  const stack = new AsyncDisposableStack();
  const connection = stack.use(createKubeConnection({ kubeconfigPath: given ?? (await simulated(stack)) }));
  const namespace = `actions-${randomBytes(4).toString("hex")}`;
  const named = (resource: string, name: string) => `${collection(resource, namespace)}/${name}`;
  await expectKube(connection, { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } });
  stack.defer(async () => {
    await findKube(connection, { method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
  });
  const progress: string[] = [];
  const onProgress = (_: StepOrder, text: string) => void progress.push(text);
  const real = given !== undefined && given === realCluster;
  return {
    connection,
    namespace,
    real,
    progress,
    steps: createSteps({
      connection,
      cluster: "prod",
      clock: quickClock(real),
      log: silentLog,
      onProgress,
      foretell,
      isProtected: () => false,
    }),
    create: async (resource, body) => {
      await expectKube(connection, { method: "POST", path: collection(resource, namespace), body });
    },
    read: (resource, name) => findKube<Live>(connection, { path: named(resource, name) }),
    merge: async (resource, name, body) => {
      await expectKube(connection, {
        method: "PATCH",
        path: named(resource, name),
        body,
        contentType: "application/merge-patch+json",
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function collection(resource: string, namespace: string): string {
  const at = resource.lastIndexOf("/");
  const version = resource.slice(0, at);
  const root = version === "v1" ? "/api/v1" : `/apis/${version}`;
  return resource === "v1/nodes" ? `${root}/nodes` : `${root}/namespaces/${namespace}/${resource.slice(at + 1)}`;
}

async function simulated(stack: AsyncDisposableStack): Promise<string> {
  const clock = createSimClock(formatClock(Date.now(), Date.now(), 20));
  const cluster = stack.use(await startSimulatedCluster({ clock, seed: 1, nodes: 2 }));
  const folder = await mkdtemp(join(tmpdir(), "why-actions-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, "kubeconfig");
  await writeFile(path, cluster.kubeconfig);
  return path;
}

/**
 * Its time passes as it is slept through, so that minutes of patience end soon; a part of each sleep goes by on the wall, a greater one
 * where the cluster lives on the wall's time.
 */
export function quickClock(real = false) {
  let time = Date.now();
  const onWall = (ms: number) => (real ? Math.max(1_500, ms / 10) : Math.max(100, ms / 100));
  return {
    // No two moments are the same.
    now: () => (time += 1),
    sleep: async (ms: number) => {
      time += ms;
      await pause(onWall(ms));
    },
  };
}

export function anOrder(field: Field, over: Partial<StepOrder> & Pick<StepOrder, "kind">): StepOrder {
  const workload = { cluster: "prod", namespace: field.namespace, kind: "Deployment", name: "web" } as const;
  return { incidentId: "inc-1", stepId: over.kind, workload, ...over };
}

/** A yes to what is previewed now. */
export async function anApproval({ steps }: Field, order: StepOrder): Promise<Approval> {
  const { intent } = expectPreview(await steps.preview(order));
  return { incidentId: order.incidentId, stepId: order.stepId, by: "U1", at: 0, intent };
}

export function expectPreview(result: PreviewResult) {
  if (result.kind !== "preview") throw new Error(`Expected a preview, got ${result.kind}: ${result.text}`);
  return result.preview;
}

/** Our own Events in the namespace. */
export async function eventsOf({ connection, namespace }: Field): Promise<Live[]> {
  const path = `/api/v1/namespaces/${namespace}/events`;
  const { items } = await expectKube<{ items: Live[] }>(connection, { path });
  return items.filter(({ reportingComponent }) => reportingComponent === "k8s-why");
}

/** Deployment `web`; `spec` goes to the pod, `over` to the Deployment. */
export function aDeployment(over: object = {}, spec: object = {}, image = "registry.example/web:1") {
  const containers = [{ name: "app", image, resources: { requests: { cpu: "10m" } } }];
  return {
    metadata: { name: "web" },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers, ...spec } },
      ...over,
    },
  };
}

/** It keeps the count within its bounds, and leaves it alone otherwise: a test's idle pods would be taken away after a minute. */
export function anAutoscaler(over: object = {}, metadata: object = {}) {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const metrics = [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }];
  const behavior = { scaleUp: { selectPolicy: "Disabled" }, scaleDown: { selectPolicy: "Disabled" } };
  return {
    metadata: { name: "web", ...metadata },
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 400, metrics, behavior, ...over },
  };
}

/** Waits until Deployment `web` has so many ready pods of its current template, and no others. */
export async function untilReady(field: Field, replicas: number): Promise<void> {
  const look = async () => {
    const { metadata, spec, status = {} } = await field.read("apps/v1/deployments", "web");
    const observed = status.observedGeneration === metadata.generation;
    return {
      observed,
      wanted: spec.replicas,
      ready: status.readyReplicas,
      updated: status.updatedReplicas,
      total: status.replicas,
    };
  };
  await expect
    .poll(look, patient)
    .toEqual({ observed: true, wanted: replicas, ready: replicas, updated: replicas, total: replicas });
}

/** A ResourceQuota `small` of pods. The quota controller counts on a real control plane; the simulation has none. */
export async function setQuota({ create, connection, namespace, read, real }: Field, most: string, used: string): Promise<void> {
  const hard = { pods: most };
  await create("v1/resourcequotas", { metadata: { name: "small" }, spec: { hard } });
  const path = `/api/v1/namespaces/${namespace}/resourcequotas/small/status`;
  const body = { status: { hard, used: { pods: used } } };
  if (!real) await expectKube(connection, { method: "PATCH", path, body, contentType: "application/merge-patch+json" });
  await expect.poll(async () => (await read("v1/resourcequotas", "small")).status?.used?.pods, patient).toBe(used);
}
