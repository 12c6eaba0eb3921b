import { describe, expect, it } from "vitest";
import { createManualClock } from "#sim/clock.ts";
import { type Manifest, startSimulatedCluster, type SimulatedCluster } from "#sim/cluster/cluster.ts";
import { aService, anAutoscaler, others, start } from "./played-cluster.ts";

const hour = 3_600_000;

const signals = {
  replicas: "kube_deployment_spec_replicas{deployment='shop'}",
  requests: "sum(rate(http_requests_total{deployment='shop'}[5m]))",
  latency:
    "sum(rate(http_request_duration_seconds_sum{deployment='shop'}[5m])) / sum(rate(http_request_duration_seconds_count{deployment='shop'}[5m]))",
  cpu: "sum(workload_cpu_cores{deployment='shop'})",
};

async function read(cluster: SimulatedCluster, text: string, at: number): Promise<number> {
  const url = new URL(`${cluster.prometheusUrl}/api/v1/query`);
  url.searchParams.set("query", text);
  url.searchParams.set("time", String(at / 1000));
  const body = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
  return Number(body.data.result[0]?.value[1] ?? NaN);
}

async function startAt(at: number, objects: readonly Manifest[]) {
  const clock = createManualClock(at);
  const cluster = await startSimulatedCluster({ clock, seed: 1, objects, stepped: true });
  return { clock, cluster };
}

const drifting = {
  "load/cost-growth-since": new Date(start).toISOString(),
  "load/cost-drift-per-hour": "0.08",
};

/** An earlier revision as its ReplicaSet tells of it. */
function aRevision(since: number, revision: number, annotations: Record<string, string>, image: string): Manifest {
  const { metadata, spec } = aService({ template: annotations, image });
  const { template } = spec as { template: object };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: "",
      namespace: metadata.namespace ?? "",
      creationTimestamp: new Date(since).toISOString(),
      labels: { app: "shop" },
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
    },
    spec: { template },
  };
}

describe("a past that was never lived through", () => {
  it("shows what a cluster that lived through it shows, within a few percent", async () => {
    const swing = { "load/daily-swing": "0.15" };
    const service = (replicas: number) =>
      aService({ replicas, annotations: swing, template: drifting, image: "registry.example/shop:2" });
    const lived = await startAt(start, [service(27), anAutoscaler(), others()]);
    await using livedCluster = lived.cluster;
    await lived.clock.advance(6 * hour);
    livedCluster.step(start + 6 * hour);

    const revision = aRevision(start, 2, drifting, "registry.example/shop:2");
    const now = Math.round(await read(livedCluster, signals.replicas, start + 6 * hour));
    const told = await startAt(start + 6 * hour, [revision, service(now), anAutoscaler(), others()]);
    await using toldCluster = told.cluster;

    for (const share of [0.2, 0.4, 0.6, 0.8, 0.98]) {
      const at = start + share * 6 * hour;
      const pair = async (text: string) => [await read(toldCluster, text, at), await read(livedCluster, text, at)] as const;
      const [requests, cpu, latency, replicas] = await Promise.all(
        [signals.requests, signals.cpu, signals.latency, signals.replicas].map(pair),
      );
      for (const [from, to] of [requests!, cpu!]) expect(Math.abs(from / to - 1)).toBeLessThan(0.01);
      // An autoscaler stands somewhere within its tolerance of a tenth, and with it the share that each pod has.
      expect(Math.abs(replicas![0] / replicas![1] - 1)).toBeLessThan(0.2);
      expect(Math.abs(latency![0] / latency![1] - 1)).toBeLessThan(0.12);
    }
  }, 60_000);

  it("is measured with the same noise again, small and around the truth", async () => {
    const objects = [aService({ annotations: { "load/noise": "0.02" } }), anAutoscaler(), others()];
    const { cluster: started, clock } = await startAt(start, objects);
    await using cluster = started;
    await clock.advance(hour);
    cluster.step(start + hour);
    const costAt = async (at: number) => (await read(cluster, signals.cpu, at)) / (await read(cluster, signals.requests, at));
    const minutes = Array.from({ length: 100 }, (_, index) => start + hour - index * 60_000);

    const costs = await Promise.all(minutes.map(costAt));

    expect(Math.max(...costs)).toBeLessThan(0.01 * 1.021);
    expect(Math.min(...costs)).toBeGreaterThan(0.01 * 0.979);
    expect(new Set(costs.map((cost) => cost.toFixed(6))).size).toBeGreaterThan(50);
    expect(costs.reduce((sum, cost) => sum + cost, 0) / costs.length).toBeCloseTo(0.01, 4);
    expect(await costAt(minutes[3]!)).toBe(costs[3]);
  });

  it("knows the cost of each revision at its time", async () => {
    const began = start - 10 * hour;
    const leak = { ...drifting, "load/cost-growth-since": new Date(began).toISOString(), "load/cost-drift-per-hour": "0.01" };
    const images = [1, 2, 3].map((number) => `registry.example/shop:${number}`);
    const objects = [
      aRevision(start - 30 * hour, 1, { "load/cpu-per-request": "0.008" }, images[0]!),
      aRevision(began, 2, leak, images[1]!),
      aRevision(start - 2 * hour, 3, leak, images[2]!),
      aService({ replicas: 33, template: leak, image: images[2]! }),
      anAutoscaler(),
      others(),
    ];
    const { cluster: started } = await startAt(start, objects);
    await using cluster = started;

    const cost = async (hoursAgo: number) => {
      const at = start - hoursAgo * hour;
      return (await read(cluster, signals.cpu, at)) / (await read(cluster, signals.requests, at));
    };

    expect(await cost(40)).toBeCloseTo(0.008, 4);
    expect(await cost(10.5)).toBeCloseTo(0.008, 4);
    expect(await cost(5)).toBeCloseTo(0.0105, 4);
    // A rollout of the same code brings nothing back.
    expect(await cost(1)).toBeCloseTo(0.0109, 4);
  });
});
