import { PatchStrategy, setHeaderOptions, type V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aDeployment, altered, connect, type TestCluster } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
const name = "scaled";
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

beforeAll(async () => {
  cluster = await connect();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const key = () => ({ name, namespace: cluster.namespace });
const readScaler = () => cluster.autoscaling.readNamespacedHorizontalPodAutoscaler(key());
const condition = ({ status }: V2HorizontalPodAutoscaler, type: string) => status?.conditions?.find((one) => one.type === type);

async function scaledTo(replicas: number): Promise<V2HorizontalPodAutoscaler> {
  return vi.waitFor(async () => {
    const deployment = await cluster.apps.readNamespacedDeployment(key());
    const scaler = await readScaler();
    expect(deployment.spec?.replicas).toBe(replicas);
    expect(deployment.status?.readyReplicas).toBe(replicas);
    expect(scaler.status).toMatchObject({ currentReplicas: replicas, desiredReplicas: replicas });
    return scaler;
  }, patient);
}

// 48 requests a second of 0.01 CPU seconds are 0.48 cores: with 0.2 requested and a target of 60 %, that is 4 pods.
test("An autoscaler wants what the formula says, and says so in its conditions.", async () => {
  const { namespace } = cluster;
  const template = {
    metadata: { labels: { app: name }, annotations: { "load/cpu-per-request": "0.01" } },
    spec: {
      containers: [
        { name: "app", image: "registry.example/app:1", resources: { requests: { cpu: "200m" }, limits: { cpu: "400m" } } },
      ],
    },
  };
  const metadata = { name, annotations: { "load/requests-per-second": "48" } };
  await cluster.apps.createNamespacedDeployment({
    namespace,
    body: altered(aDeployment(name, { replicas: 2, template }), { metadata }),
  });
  const spec = {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
  };
  await cluster.autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body: { metadata: { name }, spec } });

  const scaler = await scaledTo(4);
  expect(scaler.status?.lastScaleTime).toBeTruthy();
  await vi.waitFor(async () => {
    const scaler = await readScaler();
    expect(scaler.status?.currentMetrics).toMatchObject([
      { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 60 } } },
    ]);
    expect(condition(scaler, "AbleToScale")).toMatchObject({ status: "True" });
    expect(condition(scaler, "ScalingActive")).toMatchObject({ status: "True", reason: "ValidMetricFound" });
    expect(condition(scaler, "ScalingLimited")).toMatchObject({ status: "False", reason: "DesiredWithinRange" });
  }, patient);
});

test("A change of load within the tolerance of a tenth changes nothing; beyond it the count follows, up to the ceiling.", async () => {
  const load = (requests: number) =>
    cluster.apps.patchNamespacedDeployment(
      { ...key(), body: { metadata: { annotations: { "load/requests-per-second": String(requests) } } } },
      mergePatch,
    );
  const utilisation = async () => (await readScaler()).status?.currentMetrics?.[0]?.resource?.current.averageUtilization;
  await load(52);
  await vi.waitFor(async () => expect(await utilisation()).toBe(65), patient);
  expect((await readScaler()).status).toMatchObject({ currentReplicas: 4, desiredReplicas: 4 });

  await cluster.autoscaling.patchNamespacedHorizontalPodAutoscaler({ ...key(), body: { spec: { maxReplicas: 5 } } }, mergePatch);
  await load(120);
  await scaledTo(5);
  await vi.waitFor(async () => {
    const scaler = await readScaler();
    expect(await utilisation()).toBeGreaterThan(100);
    expect(condition(scaler, "ScalingLimited")).toMatchObject({ status: "True", reason: "TooManyReplicas" });
  }, patient);
});

test("A ceiling below the count takes pods away at once.", async () => {
  await cluster.autoscaling.patchNamespacedHorizontalPodAutoscaler({ ...key(), body: { spec: { maxReplicas: 3 } } }, mergePatch);
  const scaler = await scaledTo(3);
  expect(scaler.spec?.maxReplicas).toBe(3);
});

test("An autoscaler without a target cannot scale, and says why.", async () => {
  const { namespace } = cluster;
  const spec = { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" }, minReplicas: 1, maxReplicas: 3 };
  await cluster.autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body: { metadata: { name: "lost" }, spec } });
  await vi.waitFor(async () => {
    const scaler = await cluster.autoscaling.readNamespacedHorizontalPodAutoscaler({ name: "lost", namespace });
    expect(condition(scaler, "AbleToScale")).toMatchObject({ status: "False", reason: "FailedGetScale" });
  }, patient);
});
