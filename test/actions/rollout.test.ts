import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StepOrder } from "#domain/order.ts";
import {
  type Field,
  aDeployment,
  anApproval,
  anOrder,
  eventsOf,
  expectPreview,
  openField,
  untilReady,
} from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";

const deployments = "apps/v1/deployments";

let field: Field;
beforeEach(async () => {
  field = await openField();
});
afterEach(() => field[Symbol.asyncDispose]());

const web = () => field.read(deployments, "web");
const ofKind = (kind: "StatefulSet" | "DaemonSet", step: StepOrder["kind"]) => {
  const order = anOrder(field, { kind: step });
  return { ...order, workload: { ...order.workload, kind } };
};
const textOf = async (order: StepOrder) => {
  const result = await field.steps.preview(order);
  return "text" in result ? result.text : result.kind;
};
const newImage = (image: string) => ({ spec: { template: { spec: { containers: [{ name: "app", image }] } } } });

/** Acts twice, as after a crash. */
async function twice(order: StepOrder): Promise<string[]> {
  const approval = await anApproval(field, order);
  return [(await field.steps.act(approval, order)).kind, (await field.steps.act(approval, order)).kind];
}

describe("pause and resume", () => {
  it("holds a rollout and lets it go on, each once and with a trace", async () => {
    await field.create(deployments, aDeployment());
    await untilReady(field, 4);

    expect(await twice(anOrder(field, { kind: "pause" }))).toEqual(["done", "already-done"]);
    expect((await web()).spec.paused).toBe(true);
    expect(await twice(anOrder(field, { kind: "resume" }))).toEqual(["done", "already-done"]);
    expect((await web()).spec.paused ?? false).toBe(false);

    const reasons = (await eventsOf(field)).map(({ reason }) => reason as string);
    expect(reasons.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["K8sWhyPaused", "K8sWhyResumed"]);
  });

  it("says what is held, and with which template it goes on", async () => {
    await field.create(deployments, aDeployment());
    await untilReady(field, 4);
    const idle = expectPreview(await field.steps.preview(anOrder(field, { kind: "pause" })));
    await field.merge(deployments, "web", { spec: { paused: true } });
    const same = expectPreview(await field.steps.preview(anOrder(field, { kind: "resume" })));
    await field.merge(deployments, "web", newImage("registry.example/web:2"));
    // The controller looks at the new template of a held Deployment too, and counts none of its pods as updated.
    await expect.poll(async () => (await web()).status.updatedReplicas ?? 0, patient).toBe(0);

    const other = expectPreview(await field.steps.preview(anOrder(field, { kind: "resume" })));

    expect(idle.effects[0]).toContain("No rollout is under way (all pods run app web:1)");
    expect(same.effects).toEqual(["From here it rolls out revision 1: app web:1.", "All pods run it already: none is replaced."]);
    expect(other.effects).toEqual([
      "From here it rolls out a template that never ran, as a new revision: app web:2.",
      "4 pods are still to be replaced.",
    ]);
    expect((await web()).spec.paused).toBe(true);
  });

  it("is stale when the template is another one than was shown", async () => {
    await field.create(deployments, aDeployment({ paused: true }));
    const resume = anOrder(field, { kind: "resume" });
    const approval = await anApproval(field, resume);
    await field.merge(deployments, "web", newImage("registry.example/web:evil"));

    expect(await field.steps.act(approval, resume)).toMatchObject({
      kind: "stale",
      text: expect.stringContaining("another one would be rolled out"),
    });
    expect((await web()).spec.paused).toBe(true);
  });

  it("refuses what has no rollout to hold, with a sentence", async () => {
    expect(await textOf(ofKind("StatefulSet", "pause"))).toContain("only a Deployment's rollout can be held");
    expect(await textOf(ofKind("DaemonSet", "resume"))).toContain("only a Deployment's rollout can be held");
    expect(await textOf(anOrder(field, { kind: "pause" }))).toContain("no Deployment");
    await field.create(deployments, aDeployment());
    expect(await textOf(anOrder(field, { kind: "resume" }))).toContain("is not held");
  });
});

describe("restart", () => {
  it("shows what it does, and does nothing", async () => {
    await field.create(deployments, aDeployment());

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "restart" })));

    expect(preview).toMatchObject({ dryRun: "accepted", changes: [{ what: "Restarted at", before: "never" }] });
    expect(preview.effects[0]).toContain("up to 1 more for a while, 3 kept ready at least");
    expect((await web()).spec.template.metadata.annotations).toBeUndefined();
  });

  it("replaces all pods once, by a new revision of the same images", async () => {
    await field.create(deployments, aDeployment());
    await untilReady(field, 4);

    expect(await twice(anOrder(field, { kind: "restart" }))).toEqual(["done", "already-done"]);
    await untilReady(field, 4);

    const { metadata, spec } = await web();
    expect(metadata.annotations["deployment.kubernetes.io/revision"]).toBe("2");
    expect(Object.keys(spec.template.metadata.annotations)).toEqual(["kubectl.kubernetes.io/restartedAt"]);
    expect(spec.template.spec.containers[0].image).toBe("registry.example/web:1");
    expect((await eventsOf(field)).map(({ reason }) => reason)).toEqual(["K8sWhyRestarted"]);
  });

  it("can be done again later, and keeps other annotations of the template", async () => {
    const template = { metadata: { labels: { app: "web" }, annotations: { note: "kept" } } };
    const { spec } = aDeployment();
    await field.create(deployments, aDeployment({ template: { ...spec.template, ...template } }));
    const order = anOrder(field, { kind: "restart" });

    const first = await field.steps.act(await anApproval(field, order), order);
    const before = (await web()).spec.template.metadata.annotations;
    const second = await field.steps.act(await anApproval(field, order), order);

    expect([first.kind, second.kind]).toEqual(["done", "done"]);
    expect(before).toMatchObject({ note: "kept" });
    expect((await web()).metadata.annotations["k8s-why.dev/last-act"]).toMatch(/^restart at /);
  });

  it.each(["StatefulSet", "DaemonSet"] as const)("works on a %s, unless only a deletion replaces its pods", async (kind) => {
    const resource = kind === "StatefulSet" ? "apps/v1/statefulsets" : "apps/v1/daemonsets";
    const { replicas, ...rest } = aDeployment({}, { nodeSelector: { nothing: "here" } }).spec;
    const spec = kind === "StatefulSet" ? { ...rest, replicas, serviceName: "web" } : rest;
    await field.create(resource, { metadata: { name: "web" }, spec: { ...spec, updateStrategy: { type: "RollingUpdate" } } });
    const order = ofKind(kind, "restart");

    expect(await twice(order)).toEqual(["done", "already-done"]);
    expect((await field.read(resource, "web")).spec.template.metadata.annotations).toBeDefined();
    await field.merge(resource, "web", { spec: { updateStrategy: { type: "OnDelete", rollingUpdate: null } } });
    expect(await textOf(order)).toContain("only when somebody deletes it");
  });

  it("refuses a held one, and is stale when something was rolled out since", async () => {
    await field.create(deployments, aDeployment());
    const order = anOrder(field, { kind: "restart" });
    const approval = await anApproval(field, order);
    await field.merge(deployments, "web", newImage("registry.example/web:2"));
    const stale = await field.steps.act(approval, order);
    await field.merge(deployments, "web", { spec: { paused: true } });

    expect(stale).toMatchObject({ kind: "stale", text: expect.stringContaining("new already") });
    expect(await textOf(order)).toContain("is held");
  });
});
