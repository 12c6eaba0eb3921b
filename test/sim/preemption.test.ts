import { describe, expect, it } from "vitest";
import type { Manifest } from "#sim/cluster/cluster.ts";
import { conditionOf, type Pod } from "#sim/cluster/stages/kinds.ts";
import type { StoreEvent } from "#sim/cluster/types.ts";
import { playCluster } from "./played-cluster.ts";

function aClass(name: string, value: number, preemptionPolicy = "PreemptLowerPriority"): Manifest {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    preemptionPolicy,
  } as Manifest;
}

function aWorkload(name: string, replicas: number, priorityClassName?: string, cpu = "200m"): Manifest {
  const containers = [{ name: "app", image: `registry.example/${name}:1`, resources: { requests: { cpu } } }];
  const spec = { containers, ...(priorityClassName ? { priorityClassName } : {}) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "prod" },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec } },
  };
}

function aBudget(name: string): Manifest {
  const selector = { matchLabels: { app: name } };
  const metadata = { name, namespace: "prod" };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { maxUnavailable: 0, selector } };
}

/** One node of four cores, full: ten pods of `plain` and ten of `classed`; it cannot grow. */
async function playFull(options: { readonly classes: readonly Manifest[]; readonly objects: readonly Manifest[] }) {
  const objects = [...options.classes, ...options.objects];
  const played = await playCluster({ objects, nodes: 1, maxNodes: 1 });
  const heard: { readonly reason: string; readonly message: string; readonly about: string }[] = [];
  const nominated: string[] = [];
  played.store.onChange(({ type, resource, object }: StoreEvent) => {
    if (resource === "v1/events" && type === "ADDED") {
      const event = object as unknown as { reason: string; message: string; involvedObject: { name: string } };
      heard.push({ reason: event.reason, message: event.message, about: event.involvedObject.name });
    }
    const nominee = resource === "v1/pods" ? (object as Pod).status?.nominatedNodeName : undefined;
    if (nominee) nominated.push(nominee);
  });
  const running = (name: string) =>
    played.pods().filter(({ metadata, spec }) => metadata.labels?.["app"] === name && spec.nodeName !== undefined).length;
  return { ...played, heard, nominated, running };
}

describe("a pod that is more important", () => {
  const classes = [aClass("low", 100), aClass("high", 1_000)];

  it("takes the place of the least important, and the scheduler says so", async () => {
    const objects = [aWorkload("plain", 10), aWorkload("classed", 10, "low")];
    await using played = await playFull({ classes, objects });
    const gone: Pod[] = [];
    played.store.onChange(({ type, resource, object }) => {
      if (type === "DELETED" && resource === "v1/pods") gone.push(object as Pod);
    });

    played.cluster.apply(aWorkload("urgent", 3, "high"));
    await played.live(20);

    expect([played.running("urgent"), played.running("plain"), played.running("classed")]).toEqual([3, 7, 10]);
    const preempted = played.heard.filter(({ reason }) => reason === "Preempted");
    expect(preempted).toHaveLength(3);
    expect(preempted[0]!.message).toMatch(/^Preempted by pod [0-9a-f-]{36} on node node-000$/);
    expect(preempted.every(({ about }) => about.startsWith("plain-"))).toBe(true);
    expect(played.nominated).toContain("node-000");
    expect(conditionOf(gone[0]!, "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting to accommodate a higher priority pod",
    });
    const [urgent] = played.pods().filter(({ metadata }) => metadata.labels?.["app"] === "urgent");
    expect(urgent!.spec).toMatchObject({ priorityClassName: "high", priority: 1_000, preemptionPolicy: "PreemptLowerPriority" });
  });

  it("removes no more than it needs", async () => {
    await using played = await playFull({ classes, objects: [aWorkload("plain", 20)] });

    played.cluster.apply(aWorkload("urgent", 1, "high", "500m"));
    // So often does the scheduler look while the three are still on their way out.
    for (let looks = 0; looks < 60; looks += 1) await played.live(0.2);

    expect(played.heard.filter(({ reason }) => reason === "Preempted")).toHaveLength(3);
    // The half place that is left over takes none of the three that wait.
    expect([played.running("urgent"), played.running("plain")]).toEqual([1, 17]);
  });

  it("leaves those of its own rank alone, and all when its class never preempts", async () => {
    const never = aClass("patient", 5_000, "Never");
    await using played = await playFull({ classes: [...classes, never], objects: [aWorkload("classed", 20, "high")] });

    played.cluster.apply(aWorkload("equal", 2, "high"));
    played.cluster.apply(aWorkload("patient", 2, "patient"));
    await played.live(30);

    expect(played.heard.some(({ reason }) => reason === "Preempted")).toBe(false);
    expect(played.running("classed")).toBe(20);
  });

  it("may be less important than nothing, and still more than others", async () => {
    const below = [aClass("least", -20), aClass("less", -10)];
    await using played = await playFull({ classes: below, objects: [aWorkload("plain", 10), aWorkload("last", 10, "least")] });

    played.cluster.apply(aWorkload("urgent", 2, "less"));
    await played.live(30);

    expect([played.running("urgent"), played.running("last"), played.running("plain")]).toEqual([2, 8, 10]);
  });

  it("goes before others when a place becomes free", async () => {
    await using played = await playFull({ classes: [aClass("patient", 5_000, "Never")], objects: [aWorkload("plain", 20)] });
    played.cluster.apply(aWorkload("late", 1));
    await played.live(5);
    played.cluster.apply(aWorkload("important", 1, "patient"));
    await played.live(5);

    played.cluster.apply({ ...aWorkload("plain", 19) });
    await played.live(10);

    expect([played.running("important"), played.running("late")]).toEqual([1, 0]);
  });

  it("spares those that a budget keeps, as long as others will do", async () => {
    const objects = [aWorkload("plain", 10), aWorkload("classed", 10, "low"), aBudget("plain")];
    // They do not take it out on others in their turn.
    const meek = [aClass("low", 100, "Never"), aClass("high", 1_000)];
    await using played = await playFull({ classes: meek, objects });

    played.cluster.apply(aWorkload("urgent", 12, "high"));
    await played.live(40);

    expect([played.running("urgent"), played.running("plain"), played.running("classed")]).toEqual([12, 8, 0]);
  });
});

describe("a class", () => {
  it("that is not there keeps pods from being made, and the ReplicaSet says why", async () => {
    await using played = await playFull({ classes: [], objects: [aWorkload("plain", 5)] });

    played.cluster.apply(aWorkload("stray", 2, "nowhere"));
    await played.live(5);

    expect(played.running("stray")).toBe(0);
    expect(played.heard.find(({ reason }) => reason === "FailedCreate")!.message).toMatch(
      /^Error creating: pods "stray-[^"]*" is forbidden: no PriorityClass with name nowhere was found$/,
    );
  });

  it("keeps its value for ever", async () => {
    await using played = await playFull({ classes: [aClass("low", 100)], objects: [] });
    const url = `${played.cluster.url}/apis/scheduling.k8s.io/v1/priorityclasses/low`;

    const headers = { "content-type": "application/merge-patch+json" };
    const response = await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ value: 200 }) });

    expect(response.status).toBe(422);
    expect(await response.text()).toContain("Forbidden: may not be changed in an update.");
  });
});
