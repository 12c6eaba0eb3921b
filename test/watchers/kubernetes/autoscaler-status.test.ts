import { expect, test } from "vitest";
import { findAutoscalerProblem } from "#watchers/kubernetes/autoscaler-status.ts";

/** As Cluster Autoscaler 1.30 and later writes it. */
const yaml = (health: string, scaleUp: string) => `time: 2026-11-02 04:28:19.546750398 +0000 UTC
autoscalerStatus: Running
clusterWide:
  health:
    status: ${health}
    nodeCounts:
      registered:
        total: 5
        ready: 5
        notStarted: 0
      longUnregistered: 0
      unregistered: 0
    lastProbeTime: "2026-11-02T04:28:19.546750398Z"
    lastTransitionTime: "2026-11-02T04:24:09.6Z"
  scaleUp:
    status: NoActivity
  scaleDown:
    status: NoCandidates
nodeGroups:
- name: workers
  health:
    status: Healthy
    cloudProviderTarget: 5
    minSize: 1
    maxSize: 5
  scaleUp:
${scaleUp}
`;

/** As it was before 1.30. */
const text = (health: string, scaleUp: string) => `Cluster-autoscaler status at 2026-11-02 04:28:19.546750398 +0000 UTC:
Cluster-wide:
  Health:      ${health} (ready=5 unready=0 notStarted=0 longNotStarted=0 registered=5 longUnregistered=0)
               LastProbeTime:      2026-11-02 04:28:19.5 +0000 UTC
  ScaleUp:     NoActivity (ready=5 registered=5)

NodeGroups:
  Name:        workers
  Health:      Healthy (ready=5 unready=0 notStarted=0 registered=5 cloudProviderTarget=5 (minSize=1, maxSize=5))
  ScaleUp:     ${scaleUp} (ready=5 cloudProviderTarget=5)
`;

const backoff = `    status: Backoff
    backoffInfo:
      errorCode: QUOTA_EXCEEDED
      errorMessage: Instance 'workers-abc' creation failed: Quota 'CPUS' exceeded`;

test("an autoscaler that is well has no problem, and none is none", () => {
  expect(findAutoscalerProblem(yaml("Healthy", "    status: NoActivity"))).toBeUndefined();
  expect(findAutoscalerProblem(text("Healthy", "NoActivity"))).toBeUndefined();
  expect(findAutoscalerProblem(undefined)).toBeUndefined();
  expect(findAutoscalerProblem("}{")).toBeUndefined();
});

test("a group that backs off is told, with the provider's words where they stand there", () => {
  expect(findAutoscalerProblem(yaml("Healthy", backoff))).toBe(
    "a node group backs off (QUOTA_EXCEEDED: Instance 'workers-abc' creation failed: Quota 'CPUS' exceeded)",
  );
  expect(findAutoscalerProblem(text("Healthy", "Backoff"))).toBe("node group workers backs off");
});

test("a cluster that it calls unhealthy is told", () => {
  expect(findAutoscalerProblem(yaml("Unhealthy", "    status: NoActivity"))).toContain("unhealthy");
  expect(findAutoscalerProblem(text("Unhealthy", "NoActivity"))).toContain("unhealthy");
});

test("a status of megabytes is searched in no time", () => {
  // Of the processor: the wall depends on who else is at work.
  const began = process.cpuUsage();
  expect(findAutoscalerProblem(`  Name: ${"x ".repeat(2_000_000)}`)).toBeUndefined();
  expect(findAutoscalerProblem("  Name: x\n".repeat(300_000))).toBeUndefined();
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
});
