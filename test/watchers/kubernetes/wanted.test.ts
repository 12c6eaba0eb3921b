import { expect, it } from "vitest";
import type { KubeHpa, KubeMetric } from "#clients/kubernetes/objects.ts";
import { findWanted } from "#watchers/kubernetes/wanted.ts";

const hpa = (metrics: readonly KubeMetric[], currentMetrics: readonly KubeMetric[] | null, currentReplicas = 20): KubeHpa => ({
  metadata: { name: "web", uid: "u", resourceVersion: "1", creationTimestamp: "2026-01-05T00:00:00Z" },
  spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 20, metrics },
  status: { currentReplicas, currentMetrics },
});
const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } };
const cpuIs = (percent: number) => ({ type: "Resource", resource: { name: "cpu", current: { averageUtilization: percent } } });
const queue = {
  type: "External",
  external: { metric: { name: "depth" }, target: { type: "AverageValue", averageValue: "500m" } },
};
const queueIs = { type: "External", external: { metric: { name: "depth" }, current: { averageValue: "1200m" } } };

it.each<[string, KubeHpa, number | undefined]>([
  ["CPU at 140 of 70 %: twice as many", hpa([cpu], [cpuIs(140)]), 40],
  ["exactly at target: as many", hpa([cpu], [cpuIs(70)]), 20],
  ["the metric that asks for most counts", hpa([cpu, queue], [queueIs, cpuIs(140)]), 48],
  ["a metric that is not known yet says nothing", hpa([cpu, queue], [queueIs]), 48],
  ["none is known", hpa([cpu], null), undefined],
  ["nothing runs", hpa([cpu], [cpuIs(140)], 0), undefined],
  ["a value of the whole", hpa([{ type: "Object", object: { metric: { name: "rps" }, target: { value: "2k" } } }], [{ type: "Object", object: { metric: { name: "rps" }, current: { value: "5k" } } }]), 50], // prettier-ignore
  ["a quantity that is none", hpa([queue], [{ ...queueIs, external: { metric: { name: "depth" }, current: { averageValue: "many" } } }]), undefined], // prettier-ignore
])("%s", (_name, scaler, wanted) => expect(findWanted(scaler)).toBe(wanted));
