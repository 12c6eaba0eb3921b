import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Field,
  aDeployment,
  anApproval,
  anAutoscaler,
  anOrder,
  eventsOf,
  expectPreview,
  openField,
} from "#test/actions/harness.ts";

const hpas = "autoscaling/v2/horizontalpodautoscalers";
const deployments = "apps/v1/deployments";

let field: Field;
beforeEach(async () => {
  field = await openField();
  await field.create(deployments, aDeployment());
});
afterEach(() => field[Symbol.asyncDispose]());

describe("cap", () => {
  it("shows what it will do and does nothing", async () => {
    await field.create(hpas, anAutoscaler());

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "cap", capFloor: 9 })));

    expect(preview.changes).toEqual([{ what: "maxReplicas", before: "400", after: "9" }]);
    expect(preview).toMatchObject({ dryRun: "accepted", intent: { kind: "cap", autoscaler: "web", fromMax: 400, toMax: 9 } });
    expect((await field.read(hpas, "web")).spec.maxReplicas).toBe(400);
  });

  it("freezes the ceiling at what runs, keeps the old one, and does it once", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);

    const first = await field.steps.act(approval, order);
    const second = await field.steps.act(approval, order);

    expect([first.kind, second.kind, (await field.steps.preview(order)).kind]).toEqual(["done", "already-done", "already-done"]);
    const { metadata, spec } = await field.read(hpas, "web");
    expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 4 });
    expect(metadata.annotations["k8s-why.dev/capped-from"]).toBe("400");
    expect(metadata.managedFields?.map(({ manager }: { manager: string }) => manager)).toContain("k8s-why");
    expect((await field.read(deployments, "web")).spec.replicas).toBe(4);
  });

  it("goes no lower than what runs when it acts, however long ago it was shown", async () => {
    await field.create(hpas, anAutoscaler({ minReplicas: 1 }));
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);
    await field.merge(deployments, "web", { spec: { replicas: 11 } });

    await field.steps.act(approval, order);

    expect((await field.read(hpas, "web")).spec.maxReplicas).toBe(11);
  });

  it("never goes below the minimum", async () => {
    await field.create(hpas, anAutoscaler({ minReplicas: 7, maxReplicas: 50 }));

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "cap", capFloor: 1 })));

    expect(preview.intent).toMatchObject({ toMax: 7 });
  });

  it("can cap again what somebody raised after a cap", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "cap" });
    await field.steps.act(await anApproval(field, order), order);
    await field.merge(hpas, "web", { spec: { maxReplicas: 100 } });

    const result = await field.steps.act(await anApproval(field, order), order);

    expect(result.kind).toBe("done");
    expect((await field.read(hpas, "web")).spec.maxReplicas).toBe(4);
  });

  it("has nothing to do at the ceiling", async () => {
    await field.create(hpas, anAutoscaler({ maxReplicas: 4 }));

    expect((await field.steps.preview(anOrder(field, { kind: "cap" }))).kind).toBe("already-done");
  });

  it("that comes when the count is at the ceiling has capped nothing, and leaves nothing to take back", async () => {
    await field.create(hpas, anAutoscaler({ maxReplicas: 20 }));
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);
    await field.merge(deployments, "web", { spec: { replicas: 20 } });

    expect(await field.steps.act(approval, order)).toMatchObject({
      kind: "stale",
      text: expect.stringContaining("its ceiling is 20,"),
    });
    expect((await field.read(hpas, "web")).metadata.annotations?.["k8s-why.dev/capped-from"]).toBeUndefined();
  });

  it("is stale when the ceiling or the autoscaler is another one", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);
    const replaced = { ...approval, intent: { ...approval.intent, autoscalerUid: "another" } as typeof approval.intent };
    await field.merge(hpas, "web", { spec: { maxReplicas: 300 } });

    expect((await field.steps.act(approval, order)).kind).toBe("stale");
    expect((await field.steps.act(replaced, order)).kind).toBe("stale");
    expect((await field.read(hpas, "web")).spec.maxReplicas).toBe(300);
  });

  it("refuses, with the reason, what has no autoscaler of its own to cap", async () => {
    const order = anOrder(field, { kind: "cap" });
    const refusals: string[] = [];
    const note = async (over = order) => {
      const result = await field.steps.preview(over);
      refusals.push(result.kind === "refused" ? result.text : result.kind);
    };

    await note(anOrder(field, { kind: "cap", workload: { ...order.workload, name: "gone" } }));
    await note(anOrder(field, { kind: "cap", workload: { ...order.workload, kind: "DaemonSet" } }));
    await note(anOrder(field, { kind: "cap", workload: { ...order.workload, cluster: "other" } }));
    await note();
    await field.create(hpas, anAutoscaler({}, { labels: { "scaledobject.keda.sh/name": "web-scaler" } }));
    await note();
    await field.create(hpas, anAutoscaler({}, { name: "second" }));
    await note();

    expect(refusals).toEqual([
      expect.stringContaining("no Deployment"),
      expect.stringContaining("is a DaemonSet"),
      expect.stringContaining('not in "other"'),
      expect.stringContaining("No autoscaler"),
      expect.stringContaining(`patch scaledobject web-scaler --type merge -p '{"spec":{"maxReplicaCount":4}}'`),
      expect.stringContaining("2 autoscalers"),
    ]);
  });

  it("leaves a trace: annotations in the same write, and one Event", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);
    const { generation } = (await field.read(deployments, "web")).metadata;

    await field.steps.act(approval, order);
    await field.steps.act(approval, order);

    const { metadata } = await field.read(hpas, "web");
    expect(metadata.annotations).toMatchObject({
      "k8s-why.dev/incident": "inc-1",
      "k8s-why.dev/last-act": expect.stringMatching(/^cap at \d{4}-\d\d-\d\dT[\d:]+Z \(step cap, [0-9a-f]{12}\)$/),
    });
    expect(await eventsOf(field)).toMatchObject([
      {
        reason: "K8sWhyCapped",
        type: "Normal",
        reportingComponent: "k8s-why",
        involvedObject: { kind: "HorizontalPodAutoscaler", name: "web", uid: metadata.uid },
        message: expect.stringContaining('The ceiling of "web" is 4 (was 400)'),
      },
    ]);
    expect((await field.read(deployments, "web")).metadata.generation).toBe(generation);
  });

  it("works on a StatefulSet's autoscaler too", async () => {
    const { spec, metadata } = aDeployment({ serviceName: "web", replicas: 3 });
    await field.create("apps/v1/statefulsets", { metadata, spec });
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "StatefulSet", name: "web" };
    await field.create(hpas, anAutoscaler({ scaleTargetRef }));
    const order = anOrder(field, { kind: "cap" });
    const ofSet = { ...order, workload: { ...order.workload, kind: "StatefulSet" as const } };

    expect((await field.steps.act(await anApproval(field, ofSet), ofSet)).kind).toBe("done");
    expect((await field.read(hpas, "web")).spec.maxReplicas).toBe(3);
  });

  it("warns of the tool that would undo it", async () => {
    await field.create(
      hpas,
      anAutoscaler(
        {},
        { annotations: { "argocd.argoproj.io/tracking-id": "shop:autoscaling/HorizontalPodAutoscaler:shop/web" } },
      ),
    );

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "cap" })));

    expect(preview.warnings.join("\n")).toContain('Argo CD ("shop")');
  });

  it("refuses an approval that is for something else", async () => {
    await field.create(hpas, anAutoscaler());
    const order = anOrder(field, { kind: "cap" });
    const approval = await anApproval(field, order);
    const elsewhere = { ...order, workload: { ...order.workload, name: "other" } };

    const results = [await field.steps.act({ ...approval, stepId: "x" }, order), await field.steps.act(approval, elsewhere)];

    expect(results.map(({ kind }) => kind)).toEqual(["refused", "refused"]);
    expect((await field.read(hpas, "web")).spec.maxReplicas).toBe(400);
  });
});
