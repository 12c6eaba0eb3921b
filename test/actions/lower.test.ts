import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StepOrder } from "#domain/order.ts";
import {
  type Field,
  aDeployment,
  anApproval,
  anAutoscaler,
  anOrder,
  eventsOf,
  expectPreview,
  openField,
  untilReady,
} from "#test/actions/harness.ts";
import { patient, realCluster } from "#test/real-cluster.ts";

const hpas = "autoscaling/v2/horizontalpodautoscalers";
const deployments = "apps/v1/deployments";

let field: Field;
beforeEach(async () => {
  field = await openField();
  await field.create(deployments, aDeployment());
});
afterEach(() => field[Symbol.asyncDispose]());

const maxReplicas = async () => (await field.read(hpas, "web")).spec.maxReplicas;
const annotations = async () => (await field.read(hpas, "web")).metadata.annotations ?? {};
const kept = async () => (await annotations())["k8s-why.dev/capped-from"];

/** Previews, approves and acts. */
async function does(kind: "cap" | "lower" | "restore", over: Partial<StepOrder> = {}): Promise<string> {
  const order = anOrder(field, { kind, ...over });
  const preview = await field.steps.preview(order);
  if (preview.kind !== "preview") return preview.kind;
  return (await field.steps.act(await anApproval(field, order), order)).kind;
}

describe("lower", () => {
  it("suggests a ceiling, offers the old one, and does nothing yet", async () => {
    await field.create(hpas, anAutoscaler());
    await does("cap", { capFloor: 50 });

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "lower", capFloor: 20 })));

    expect(preview).toMatchObject({
      dryRun: "accepted",
      intent: { kind: "lower", autoscaler: "web", fromMax: 50, toMax: 20 },
      changes: [{ what: "maxReplicas", before: "50", after: "20" }],
      choices: {
        chosen: "20",
        options: [
          { value: "20", text: "20: suggested" },
          { value: "400", text: "400: as it was before" },
        ],
      },
    });
    expect(await maxReplicas()).toBe(50);
  });

  it("lowers once, keeps the ceiling of before, and leaves a trace", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "lower", capFloor: 20 });
    const approval = await anApproval(field, order);

    const results = [await field.steps.act(approval, order), await field.steps.act(approval, order)];

    expect(results.map(({ kind }) => kind)).toEqual(["done", "already-done"]);
    expect([await maxReplicas(), await kept()]).toEqual([20, "400"]);
    expect((await eventsOf(field)).map(({ reason }) => reason)).toEqual(["K8sWhyLowered"]);
  });

  it("gives the old ceiling back when that is chosen", async () => {
    await field.create(hpas, anAutoscaler());
    await does("cap");

    expect(await does("lower", { capFloor: 20, choice: "400" })).toBe("done");

    expect([await maxReplicas(), await kept()]).toEqual([400, undefined]);
    expect(await does("restore")).toBe("refused");
  });

  it("suggests no more than stood before, and does just that", async () => {
    await field.create(hpas, anAutoscaler({ maxReplicas: 50 }));
    await does("cap", { capFloor: 48 });

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "lower", capFloor: 80 })));

    expect(preview).toMatchObject({ intent: { fromMax: 48, toMax: 50 }, choices: { chosen: "50", options: [{ value: "50" }] } });
    expect(await does("lower", { capFloor: 80 })).toBe("done");
    expect([await maxReplicas(), await kept(), await does("lower", { capFloor: 80 })]).toEqual([50, undefined, "already-done"]);
  });

  it("refuses a choice that was never one", async () => {
    await field.create(hpas, anAutoscaler());

    expect(await does("lower", { capFloor: 20, choice: "3" })).toBe("refused");
    expect(await maxReplicas()).toBe(400);
  });

  it("goes below neither the minimum nor what is wanted", async () => {
    await field.create(hpas, anAutoscaler({ minReplicas: 3 }));
    const suggested = async () =>
      expectPreview(await field.steps.preview(anOrder(field, { kind: "lower", capFloor: 2 }))).choices?.chosen;

    const wanted = await suggested();
    await field.merge(deployments, "web", { spec: { replicas: 2 } });

    expect([wanted, await suggested()]).toEqual(["4", "3"]);
  });

  // A real controller would set the status right at once.
  it.skipIf(realCluster)("goes below what serves only where it is not busy", async () => {
    const { metadata, spec } = aDeployment({ serviceName: "web", replicas: 3 });
    await field.create("apps/v1/statefulsets", { metadata, spec });
    await field.merge("apps/v1/statefulsets", "web/status", { status: { replicas: 7, readyReplicas: 7 } });
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "StatefulSet", name: "web" };
    await field.create(hpas, anAutoscaler({ scaleTargetRef }));
    const order = anOrder(field, { kind: "lower", capFloor: 2 });
    const suggested = async (isBusy: boolean) => {
      const asked = { ...order, isBusy, workload: { ...order.workload, kind: "StatefulSet" as const } };
      return expectPreview(await field.steps.preview(asked)).choices?.chosen;
    };

    expect([await suggested(true), await suggested(false)]).toEqual(["7", "3"]);
  });

  it("is stale when the count has risen above it, or the ceiling moved", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "lower", capFloor: 6 });
    const approval = await anApproval(field, order);
    await field.merge(deployments, "web", { spec: { replicas: 9 } });

    const grown = await field.steps.act(approval, order);
    await field.merge(hpas, "web", { spec: { maxReplicas: 300 } });
    const moved = await field.steps.act(approval, order);

    expect(grown).toMatchObject({ kind: "stale", text: expect.stringContaining("would stop pods") });
    expect(moved).toMatchObject({ kind: "stale", text: expect.stringContaining("from 400 to 300") });
    expect(await maxReplicas()).toBe(300);
  });

  it("has nothing to do where the ceiling is sane", async () => {
    await field.create(hpas, anAutoscaler({ maxReplicas: 15 }));

    expect(await does("lower", { capFloor: 20 })).toBe("already-done");
    expect(await does("lower")).toBe("refused");
  });
});

describe("restore", () => {
  it("gives the kept ceiling back once, and removes the notes", async () => {
    await field.create(hpas, anAutoscaler());
    await does("cap");
    const order = anOrder(field, { kind: "restore" });
    const approval = await anApproval(field, order);

    const results = [await field.steps.act(approval, order), await field.steps.act(approval, order)];

    expect(results.map(({ kind }) => kind)).toEqual(["done", "already-done"]);
    expect(await maxReplicas()).toBe(400);
    expect(Object.keys(await annotations()).sort()).toEqual(["k8s-why.dev/incident", "k8s-why.dev/last-act"]);
  });

  it("refuses where nothing is kept", async () => {
    await field.create(hpas, anAutoscaler());

    const result = await field.steps.preview(anOrder(field, { kind: "restore" }));

    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("nothing of ours to give back") });
  });

  it("says that somebody changed it since, and is stale when that happens after it was shown", async () => {
    await field.create(hpas, anAutoscaler());
    await does("cap");
    await field.merge(hpas, "web", { spec: { maxReplicas: 30 } });
    const order = anOrder(field, { kind: "restore" });

    const preview = expectPreview(await field.steps.preview(order));
    const approval = await anApproval(field, order);
    await field.merge(hpas, "web", { spec: { maxReplicas: 40 } });

    expect(preview.warnings.join("\n")).toContain("we set 4, and it is 30 now");
    expect((await field.steps.act(approval, order)).kind).toBe("stale");
    expect(await maxReplicas()).toBe(40);
  });

  it("says that a rollout is under way, while which the count may climb", async () => {
    await field.create(hpas, anAutoscaler());
    await untilReady(field, 4);
    await does("cap");
    const warned = async () => expectPreview(await field.steps.preview(anOrder(field, { kind: "restore" }))).warnings.join(" ");

    expect(await warned()).not.toContain("A rollout is under way");
    await field.merge(deployments, "web", { spec: { paused: true, template: { metadata: { labels: { new: "yes" } } } } });
    await expect.poll(warned, patient).toContain("A rollout is under way");
  });

  it("lowers nothing that somebody raised above it", async () => {
    await field.create(hpas, anAutoscaler());
    await does("cap");
    await field.merge(hpas, "web", { spec: { maxReplicas: 900 } });

    expect(await does("restore")).toBe("already-done");
    expect(await maxReplicas()).toBe(900);
  });
});

describe("one after another", () => {
  it.each<[string, readonly ["cap" | "lower" | "restore", Partial<StepOrder>][], readonly [number, string | undefined]]>([
    [
      "lower after cap keeps the first ceiling",
      [
        ["cap", {}],
        ["lower", { capFloor: 20 }],
      ],
      [20, "400"],
    ],
    [
      "restore after both",
      [
        ["cap", {}],
        ["lower", { capFloor: 20 }],
        ["restore", {}],
      ],
      [400, undefined],
    ],
    [
      "cap after lower",
      [
        ["lower", { capFloor: 20 }],
        ["cap", { capFloor: 9 }],
      ],
      [9, "400"],
    ],
    [
      "restore after lower and cap",
      [
        ["lower", { capFloor: 20 }],
        ["cap", {}],
        ["restore", {}],
      ],
      [400, undefined],
    ],
    [
      "cap in a later incident, after one that was forgotten",
      [
        ["cap", { capFloor: 50 }],
        ["cap", { incidentId: "inc-2" }],
      ],
      [4, "400"],
    ],
    [
      "cap in a later incident, after a lower that was decided",
      [
        ["lower", { capFloor: 20 }],
        ["cap", { incidentId: "inc-2" }],
      ],
      [4, "20"],
    ],
    [
      "and given back",
      [
        ["lower", { capFloor: 20 }],
        ["cap", { incidentId: "inc-2" }],
        ["restore", { incidentId: "inc-2" }],
      ],
      [20, undefined],
    ],
    [
      "cap after restore",
      [
        ["cap", {}],
        ["restore", {}],
        ["cap", { stepId: "cap-2" }],
      ],
      [4, "400"],
    ],
  ])("%s", async (_, acts, [ceiling, note]) => {
    await field.create(hpas, anAutoscaler());

    for (const [kind, over] of acts) expect(await does(kind, over)).toBe("done");

    expect([await maxReplicas(), await kept()]).toEqual([ceiling, note]);
  });
});
