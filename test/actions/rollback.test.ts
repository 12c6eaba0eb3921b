import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Field,
  aDeployment,
  anApproval,
  anAutoscaler,
  anOrder,
  expectPreview,
  openField,
  untilReady,
} from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";

const deployments = "apps/v1/deployments";
const bad = "registry.example/web:bad";

let field: Field;
beforeEach(async () => {
  field = await openField();
});
afterEach(() => field[Symbol.asyncDispose]());

const imageOf = async () => (await field.read(deployments, "web")).spec.template.spec.containers[0].image;

/** Revision 1 runs `web:1`, revision 2 the bad image. */
async function rollOut(template: object = {}, over: object = {}): Promise<void> {
  await field.create(deployments, aDeployment(over));
  await untilReady(field, 4);
  const containers = [{ name: "app", image: bad, resources: { requests: { cpu: "10m" } } }];
  await field.merge(deployments, "web", { spec: { template: { spec: { containers }, ...template } } });
  await untilReady(field, 4);
}

describe("rollback", () => {
  it("shows what it will do and does nothing", async () => {
    await rollOut();

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "rollback", revision: 1 })));

    expect(preview.changes).toEqual([
      { what: "Revision", before: "2", after: "1 (its template)" },
      { what: "Image of app", before: bad.replace("registry.example/", ""), after: "web:1" },
    ]);
    expect(preview).toMatchObject({ dryRun: "accepted", intent: { kind: "rollback", fromRevision: 2, toRevision: 1 } });
    expect(preview.effects[1]).toContain(
      "All 4 pods are replaced step by step: up to 1 more for a while, 3 kept ready at least.",
    );
    expect(preview.warnings.join("\n")).toContain("not the ConfigMaps, the Secrets, the database or the autoscaler");
    expect(await imageOf()).toBe(bad);
  });

  it("brings the old template back, once, and touches nothing else", async () => {
    await rollOut();
    await field.create("autoscaling/v2/horizontalpodautoscalers", anAutoscaler());
    const before = await field.read(deployments, "web");
    const order = anOrder(field, { kind: "rollback", revision: 1 });
    const approval = await anApproval(field, order);

    const first = await field.steps.act(approval, order);
    const second = await field.steps.act(approval, order);
    await untilReady(field, 4);
    const third = await field.steps.act(approval, order);

    expect([first.kind, second.kind, third.kind]).toEqual(["done", "already-done", "already-done"]);
    const after = await field.read(deployments, "web");
    expect(await imageOf()).toBe("registry.example/web:1");
    expect({ ...after.spec, template: 0 }).toEqual({ ...before.spec, template: 0 });
    expect(after.spec.template.metadata.labels).toEqual({ app: "web" });
    expect(after.metadata.annotations["deployment.kubernetes.io/revision"]).toBe("3");
    expect((await field.read("autoscaling/v2/horizontalpodautoscalers", "web")).spec.maxReplicas).toBe(400);
  });

  it("finds the template again under another number", async () => {
    await rollOut();
    const order = anOrder(field, { kind: "rollback", revision: 1 });
    const { intent } = await anApproval(field, order);
    const revisionTemplateHash = intent.kind === "rollback" ? intent.toTemplateHash : "";
    await field.steps.act(await anApproval(field, order), order);
    await untilReady(field, 4);
    await field.merge(deployments, "web", { spec: { template: { metadata: { annotations: { again: "1" } } } } });
    await untilReady(field, 4);

    const preview = expectPreview(await field.steps.preview({ ...order, revisionTemplateHash }));

    expect(preview.intent).toMatchObject({ fromRevision: 4, toRevision: 3, toTemplateHash: revisionTemplateHash });
  });

  it("is stale when somebody rolled out since it was shown, or made it anew", async () => {
    await rollOut();
    const order = anOrder(field, { kind: "rollback", revision: 1 });
    const approval = await anApproval(field, order);
    const anew = { ...approval, intent: { ...approval.intent, uid: "another" } as typeof approval.intent };
    expect((await field.steps.act(anew, order)).kind).toBe("stale");
    await field.merge(deployments, "web", { spec: { template: { metadata: { annotations: { hotfix: "1" } } } } });
    await untilReady(field, 4);

    const result = await field.steps.act(approval, order);

    expect(result).toMatchObject({ kind: "stale", text: expect.stringContaining("was revision 2 and is revision 3") });
    expect(await imageOf()).toBe(bad);
  });

  it("refuses when it is paused, gone from the history, unknown, or already there", async () => {
    await rollOut();
    const order = anOrder(field, { kind: "rollback", revision: 1 });
    const approval = await anApproval(field, order);
    const texts: string[] = [];
    const note = async (over: object) => {
      const result = await field.steps.preview({ ...order, ...over });
      texts.push("text" in result ? `${result.kind}: ${result.text}` : result.kind);
    };

    await note({ revision: 2 });
    await note({ revision: 41 });
    await note({ revisionTemplateHash: "nothing" });
    await note({ workload: { ...order.workload, name: "gone" } });
    await note({ workload: { ...order.workload, kind: "DaemonSet" } });
    await field.merge(deployments, "web", { spec: { paused: true } });
    await note({});

    expect(texts).toEqual([
      expect.stringContaining("already-done: "),
      expect.stringContaining("back to revision 41: it is no longer in the history (2, 1)"),
      expect.stringContaining("back to the template of revision 1: it is no longer in the history"),
      expect.stringContaining("no Deployment"),
      expect.stringContaining("no DaemonSet"),
      expect.stringContaining("is paused"),
    ]);
    expect((await field.steps.act(approval, order)).kind).toBe("refused");
    expect(await imageOf()).toBe(bad);
  });

  it("shows a readable diff without values of the environment", async () => {
    const containers = [
      { name: "app", image: bad, env: [{ name: "PASSWORD", value: "hunter2" }], resources: { requests: { cpu: "20m" } } },
    ];
    await rollOut({ metadata: { annotations: { "api-token": "hunter3" } } });
    await field.merge(deployments, "web", { spec: { template: { spec: { containers } } } });
    await untilReady(field, 4);

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "rollback", revision: 1 })));

    expect(preview.diff).toEqual([
      "  container app",
      `- image: ${bad}`,
      "+ image: registry.example/web:1",
      "- env PASSWORD (value hidden)",
      "- resources.requests.cpu: 20m",
      "+ resources.requests.cpu: 10m",
      "  annotations",
      "- api-token (value hidden)",
    ]);
    expect(JSON.stringify(preview)).not.toContain("hunter");
  });

  it("lists what one may go back to, suggests the newest other, and says where nobody looked at the schema", async () => {
    await rollOut();
    await field.merge(deployments, "web", { spec: { template: { metadata: { annotations: { third: "1" } } } } });
    await untilReady(field, 4);
    const order = anOrder(field, { kind: "rollback" });

    const look = async (over: object) => expectPreview(await field.steps.preview({ ...order, ...over }));
    const suggested = await look({});
    const [second, first] = (suggested.choices?.options ?? []).map(({ value }) => value);
    const chosen = await look({ choice: first });
    const known = await look({ revision: 1, revisionTemplateHash: first });
    const other = await look({ revision: 1, revisionTemplateHash: first, choice: second });

    expect(suggested.intent).toMatchObject({ fromRevision: 3, toRevision: 2, toTemplateHash: second });
    expect(suggested.choices).toMatchObject({ label: "Revision", chosen: second });
    expect(known.choices?.options.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^2 · bad · \d+ min old$/),
      expect.stringMatching(/^1 · 1 · \d+ min old \(suggested\)$/),
    ]);
    expect([chosen, other].map(({ intent }) => intent)).toMatchObject([{ toRevision: 1 }, { toRevision: 2 }]);
    const unseen = ({ warnings }: typeof chosen) => warnings.some((text) => text.includes("Nobody has looked"));
    expect([suggested, chosen, known, other].map(unseen)).toEqual([true, true, false, true]);
  });

  it("says that there is nothing to go back to", async () => {
    await field.create(deployments, aDeployment());
    await untilReady(field, 4);

    const result = await field.steps.preview(anOrder(field, { kind: "rollback" }));

    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("no earlier revision") });
  });

  it("refuses what was pruned from the history since it was shown", async () => {
    await rollOut({}, { revisionHistoryLimit: 1 });
    const order = anOrder(field, { kind: "rollback", revision: 1 });
    const approval = await anApproval(field, order);
    const current = { ...approval.intent } as Extract<typeof approval.intent, { kind: "rollback" }>;
    await field.merge(deployments, "web", { spec: { template: { metadata: { annotations: { third: "1" } } } } });
    await untilReady(field, 4);
    await expect.poll(async () => (await field.steps.preview(order)).kind, patient).toBe("refused");

    const result = await field.steps.act({ ...approval, intent: current }, order);

    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("no longer in the history (3, 2)") });
    expect(await imageOf()).toBe(bad);
  });

  it("foretells the rollout before the press, and hands the forecast over with what was done", async () => {
    await rollOut();
    const order = anOrder(field, { kind: "rollback", revision: 1 });
    const { forecast } = expectPreview(await field.steps.preview(order));

    const result = await field.steps.act(await anApproval(field, order), order);

    expect(forecast).toMatchObject({ replicas: 4, mostPods: 5, leastReady: 3, addedNodes: 0 });
    expect(forecast?.seconds).toBeGreaterThan(0);
    expect(result).toMatchObject({ kind: "done", forecast: { mostPods: 5, leastReady: 3, addedNodes: 0 } });
  });

  it("says when all pods stop at once, and who would undo it", async () => {
    await rollOut({}, { strategy: { type: "Recreate" } });
    await field.merge(deployments, "web", { metadata: { labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } } });

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "rollback", revision: 1 })));

    expect(preview.effects.join("\n")).toContain("All 4 pods are stopped before the first new one starts");
    expect(preview.warnings.join("\n")).toContain('Flux ("apps")');
  });
});
