import { createSimClock, formatClock } from "#sim/clock.ts";
import { startSimulatedCluster, type Manifest } from "#sim/cluster/cluster.ts";
import { badTemplate, service } from "./script.ts";
import { objectsOf } from "./admin.ts";
import type { Curve } from "./curve.ts";

const rate = 20;
const everyMs = 5_000;

/** Plays the same manifests and the same bad version on the simulated cluster, with nobody pressing, for so many seconds of its clock. */
export async function simulateCurve(manifest: string, seconds: number): Promise<Curve> {
  const clock = createSimClock(formatClock(Date.now(), Date.UTC(2026, 10, 2, 1), rate));
  const objects = objectsOf(manifest) as unknown as Manifest[];
  await using cluster = await startSimulatedCluster({ clock, seed: 1, nodes: 10, maxNodes: 210, objects });
  await clock.sleep(120_000);
  const rolloutAt = clock.now();
  const { namespace, name } = service;
  const template = {
    metadata: { annotations: badTemplate },
    spec: { containers: [{ name: "app", image: "registry.example/checkout:bad" }] },
  };
  const bad = cluster.store.get("apps/v1/deployments", namespace, name)?.spec?.["template"] as {
    spec: { containers: object[] };
  };
  const containers = bad.spec.containers.map((container) => ({ ...container, image: "registry.example/checkout:bad" }));
  cluster.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: { template: { ...template, spec: { containers } } },
  });
  const points: Curve["points"][number][] = [];
  while (clock.now() - rolloutAt <= seconds * 1_000) {
    const object = cluster.store.get("apps/v1/deployments", namespace, name);
    points.push({
      seconds: Math.round((clock.now() - rolloutAt) / 1_000),
      replicas: Number(object?.spec?.["replicas"] ?? 0),
      ready: Number(object?.status?.["readyReplicas"] ?? 0),
      nodes: cluster.store.count("v1/nodes"),
    });
    await clock.sleep(everyMs);
  }
  return { points };
}
