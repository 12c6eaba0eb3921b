import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { expectKube } from "#clients/kubernetes/answer.ts";
import type { Rollout } from "#domain/change.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import type { WorkloadState } from "#domain/workload.ts";
import { silentLog } from "#lib/log.ts";
import { type ClusterWatch, startClusterWatch } from "#watchers/kubernetes/watch.ts";
import { type Field, type Live, aDeployment, anAutoscaler, openField } from "#test/actions/harness.ts";
import { patient, realCluster } from "#test/real-cluster.ts";
import { crashLooping } from "./objects.ts";

/** Only the real controllers make ControllerRevisions and such conditions; the simulated cluster has none of them. */
describe.skipIf(!realCluster)("what a real control plane says of troubles", () => {
  let field: Field;
  let watch: ClusterWatch;
  let told: Observation[] = [];

  beforeAll(async () => {
    field = await openField();
    const emit = (observation: Observation) => void told.push(observation);
    const { connection, namespace } = field;
    watch = startClusterWatch({ connection, cluster: "prod", namespaces: [namespace], now: Date.now, log: silentLog, emit });
    await vi.waitUntil(() => watch.synced(), patient);
  });
  afterAll(async () => {
    await watch?.[Symbol.asyncDispose]();
    await field?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    told = [];
  });

  const state = (name: string): WorkloadState | undefined =>
    told.flatMap((one) => (one.kind === "workload" && one.state.workload.name === name ? [one.state] : [])).at(-1);
  const rollouts = (name: string): Rollout[] =>
    told.flatMap((one) =>
      one.kind === "change" && one.change.kind === "rollout" && one.change.workload.endsWith(`/${name}`) ? [one.change] : [],
    );
  const aSet = (name: string, image: string, over: object = {}) => {
    const { spec } = aDeployment({}, {}, image);
    const labels = { app: name };
    const { replicas: _replicas, ...rest } = spec;
    return {
      metadata: { name },
      spec: { ...rest, selector: { matchLabels: labels }, template: { ...spec.template, metadata: { labels } }, ...over },
    };
  };
  const podsOf = async (name: string): Promise<Live[]> => {
    const path = `/api/v1/namespaces/${field.namespace}/pods`;
    return (await expectKube<Live>(field.connection, { path, query: { labelSelector: `app=${name}` } })).items;
  };

  it.each([
    ["StatefulSet", "statefulsets", "db", { replicas: 3, serviceName: "db" }],
    ["DaemonSet", "daemonsets", "agent", {}],
  ] as const)("a %s is read, with its rollouts and its current revision", async (kind, resource, name, over) => {
    await field.create(`apps/v1/${resource}`, aSet(name, "registry.example/db:main-aaaaaaa", over));
    await expect.poll(() => (state(name)?.ready ?? 0) > 0 && state(name)?.ready === state(name)?.desired, patient).toBe(true);
    expect(state(name)).toMatchObject({
      workload: { kind },
      revision: 1,
      images: [{ image: "registry.example/db:main-aaaaaaa" }],
    });

    const template = { spec: { containers: [{ name: "app", image: "registry.example/db:main-bbbbbbb" }] } };
    await field.merge(`apps/v1/${resource}`, name, { spec: { template } });

    await expect
      .poll(() => state(name), patient)
      .toMatchObject({ revision: 2, updated: state(name)?.desired, ready: state(name)?.desired });
    expect(rollouts(name).map(({ revision, commit, previous }) => [revision, commit?.sha, previous?.revision])).toEqual([
      [1, "aaaaaaa", undefined],
      [2, "bbbbbbb", 1],
    ]);
    const [pod] = await podsOf(name);
    expect(pod.metadata.labels["controller-revision-hash"]).toBe(state(name)?.templateHash);
    await crash(pod);
    await expect.poll(() => state(name)?.pods, patient).toMatchObject({ crashing: 1, exitCode: 1 });
    await expectKube(field.connection, {
      method: "DELETE",
      path: `/apis/apps/v1/namespaces/${field.namespace}/${resource}/${name}`,
    });
    await expect.poll(() => told.some((one) => one.kind === "workload-gone" && one.key.endsWith(`/${name}`)), patient).toBe(true);
  });

  async function crash(pod: Live): Promise<void> {
    const ready = { type: "Ready", status: "False", lastTransitionTime: new Date().toISOString().replace(/\.\d+/, "") };
    const conditions = [...pod.status.conditions.filter(({ type }: Live) => type !== "Ready"), ready];
    const containerStatuses = [{ ...pod.status.containerStatuses?.[0], image: "x", imageID: "", ...crashLooping }];
    const path = `/api/v1/namespaces/${field.namespace}/pods/${pod.metadata.name}/status`;
    const body = { status: { conditions, containerStatuses } };
    await expectKube(field.connection, { method: "PATCH", path, body, contentType: "application/merge-patch+json" });
  }

  it("a rollout that misses its deadline says so", async () => {
    const never = { template: { metadata: { labels: { app: "web" }, annotations: { "load/never-ready": "true" } } } };
    await field.create("apps/v1/deployments", aDeployment({ progressDeadlineSeconds: 5 }));
    await expect.poll(() => state("web")?.ready, patient).toBe(4);
    expect(state("web")?.deadlineExceeded).toBeUndefined();

    await field.merge("apps/v1/deployments", "web", { spec: never });

    await expect.poll(() => state("web"), patient).toMatchObject({ deadlineExceeded: true, revision: 2, ready: 3 });
  });

  it("an autoscaler that cannot read its metric says why", async () => {
    await field.create("apps/v1/deployments", {
      ...aDeployment({}, { containers: [{ name: "app", image: "registry.example/web:1" }] }),
      metadata: { name: "bare" },
    });
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "bare" };
    await field.create("autoscaling/v2/horizontalpodautoscalers", anAutoscaler({ scaleTargetRef }, { name: "bare" }));

    await expect.poll(() => state("bare")?.autoscaler?.inactive?.reason, patient).toMatch(/^Failed/);
    expect(state("bare")?.autoscaler?.inactive?.message).toContain("cpu");
  });

  it("a quota that is exhausted is told in the words that are looked for", async () => {
    const pods = (await podsOf("web")).length + (await podsOf("bare")).length;
    await field.create("v1/resourcequotas", { metadata: { name: "compute" }, spec: { hard: { pods: String(pods + 20) } } });
    await field.create("apps/v1/deployments", { ...aDeployment({ replicas: 60 }), metadata: { name: "wide" } });

    await expect
      .poll(() => state("wide")?.cannotCreate, patient)
      .toMatch(/exceeded quota: compute, requested: pods=1, used: pods=\d+, limited: pods=\d+/);
    expect(state("wide")?.total).toBeLessThan(60);
  });
});
