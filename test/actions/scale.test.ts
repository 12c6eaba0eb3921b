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
  setQuota,
  untilReady,
} from "#test/actions/harness.ts";

const deployments = "apps/v1/deployments";
const statefulSets = "apps/v1/statefulsets";
const hpas = "autoscaling/v2/horizontalpodautoscalers";

let field: Field;
beforeEach(async () => {
  field = await openField();
});
afterEach(() => field[Symbol.asyncDispose]());

const replicas = async () => (await field.read(deployments, "web")).spec.replicas;
const theOrder = (over: Partial<StepOrder> = {}) => anOrder(field, { kind: "scale", replicas: 3, ...over });
const optionsOf = async (over: Partial<StepOrder>) =>
  expectPreview(await field.steps.preview(theOrder(over))).choices?.options.map(({ text }) => text);

describe("scale", () => {
  it("suggests the usual count, offers others, and does nothing", async () => {
    await field.create(deployments, aDeployment({ replicas: 12 }));

    const preview = expectPreview(await field.steps.preview(theOrder()));

    expect(preview).toMatchObject({
      dryRun: "accepted",
      intent: { kind: "scale", from: 12, to: 3 },
      changes: [{ what: "Replicas", before: "12", after: "3" }],
      choices: { chosen: "3" },
    });
    expect(preview.choices?.options.map(({ text }) => text)).toEqual([
      "3: usual",
      "6: twice the usual",
      "18: half as many again",
      "24: twice what is wanted now",
    ]);
    expect(await replicas()).toBe(12);
  });

  it("sets the count that was chosen, once, and leaves a trace and no new revision", async () => {
    await field.create(deployments, aDeployment());
    await untilReady(field, 4);
    const order = theOrder({ choice: "8" });
    const approval = await anApproval(field, order);

    const results = [await field.steps.act(approval, order), await field.steps.act(approval, order)];

    expect(results.map(({ kind }) => kind)).toEqual(["done", "already-done"]);
    expect(await replicas()).toBe(8);
    await untilReady(field, 8);
    const { metadata } = await field.read(deployments, "web");
    expect(metadata.annotations).toMatchObject({
      "k8s-why.dev/incident": "inc-1",
      "deployment.kubernetes.io/revision": "1",
    });
    expect(await eventsOf(field)).toMatchObject([
      { reason: "K8sWhyScaled", involvedObject: { kind: "Deployment", name: "web" } },
    ]);
  });

  it("stops nothing that serves while it is busy", async () => {
    await field.create(deployments, aDeployment({ replicas: 6 }));
    await untilReady(field, 6);

    const busy = await optionsOf({ isBusy: true });
    const calm = theOrder();
    const approval = await anApproval(field, calm);
    const result = await field.steps.act(approval, { ...calm, isBusy: true });

    expect(busy).toEqual(["9: half as many again", "12: twice what is wanted now"]);
    expect(result).toMatchObject({ kind: "stale", text: expect.stringContaining("too few now") });
    expect(await replicas()).toBe(6);
  });

  it("goes back to what was, when that is the undo", async () => {
    await field.create(deployments, aDeployment());

    expect(await optionsOf({ stepId: "undo-scale", replicas: 2 })).toContain("2: as before");
  });

  it("is stale when somebody else set the count, or made it anew", async () => {
    await field.create(deployments, aDeployment());
    const order = theOrder();
    const approval = await anApproval(field, order);
    const anew = { ...approval, intent: { ...approval.intent, uid: "another" } as typeof approval.intent };

    const replaced = await field.steps.act(anew, order);
    await field.merge(deployments, "web", { spec: { replicas: 5 } });
    const moved = await field.steps.act(approval, order);

    expect(replaced).toMatchObject({ kind: "stale", text: expect.stringContaining("deleted and created again") });
    expect(moved).toMatchObject({ kind: "stale", text: expect.stringContaining("from 4 to 5") });
    expect(await replicas()).toBe(5);
  });

  it("works on a StatefulSet", async () => {
    const { metadata, spec } = aDeployment({ serviceName: "web", replicas: 2 });
    await field.create(statefulSets, { metadata, spec });
    const base = theOrder();
    const order = { ...base, workload: { ...base.workload, kind: "StatefulSet" as const } };

    const result = await field.steps.act(await anApproval(field, order), order);

    expect(result.kind).toBe("done");
    expect((await field.read(statefulSets, "web")).spec.replicas).toBe(3);
  });

  it("refuses what has no count of its own, and says what to use instead", async () => {
    await field.create(deployments, aDeployment());
    const texts: string[] = [];
    const note = async (workload: Partial<StepOrder["workload"]> = {}) => {
      const order = theOrder();
      const result = await field.steps.preview({ ...order, workload: { ...order.workload, ...workload } });
      texts.push("text" in result ? result.text : result.kind);
    };

    await note({ kind: "DaemonSet" });
    await note({ name: "gone" });
    await field.create(hpas, anAutoscaler());
    await note();
    await field.merge(hpas, "web", { metadata: { labels: { "scaledobject.keda.sh/name": "web-scaler" } } });
    await note();

    expect(texts).toEqual([
      expect.stringContaining("is a DaemonSet"),
      expect.stringContaining("no Deployment"),
      expect.stringContaining('The autoscaler "web" scales'),
      expect.stringContaining("annotate scaledobject web-scaler autoscaling.keda.sh/paused-replicas=3"),
    ]);
  });

  it("refuses a count that is none of the choices", async () => {
    await field.create(deployments, aDeployment());

    expect(await field.steps.preview(theOrder({ choice: "4000" }))).toMatchObject({
      kind: "refused",
      text: expect.stringContaining("can no longer be chosen"),
    });
  });

  it("warns of a quota that is too small, and of a budget that would hold every node", async () => {
    await field.create(deployments, aDeployment());
    await untilReady(field, 4);
    await setQuota(field, "6", "4");
    await field.create("policy/v1/poddisruptionbudgets", {
      metadata: { name: "web" },
      spec: { minAvailable: 3, selector: { matchLabels: { app: "web" } } },
    });

    const more = expectPreview(await field.steps.preview(theOrder({ choice: "8" })));
    const fewer = expectPreview(await field.steps.preview(theOrder()));

    expect(more.warnings.join("\n")).toContain('The quota "small" has room for 2 more pods (pods): 2 of them will not start.');
    expect(fewer.warnings.join("\n")).toContain('The disruption budget "web" wants 3 ready pods');
  });
});
