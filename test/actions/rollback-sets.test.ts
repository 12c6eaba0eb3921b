import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Field, anApproval, anOrder, expectPreview, openField } from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";
import { playBrokenPod, playController, plurals, type SetKind } from "#test/actions/set-field.ts";

let field: Field;
beforeEach(async () => {
  field = await openField();
});
afterEach(() => field[Symbol.asyncDispose]());

const container = (image: string) => ({ name: "app", image, resources: { requests: { cpu: "10m" } } });

function aSet(kind: SetKind, over: object = {}) {
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container("registry.example/web:1")] } };
  // A DaemonSet replaces all its pods at once: there may be many nodes.
  const atOnce = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } } };
  const counted = kind === "StatefulSet" ? { replicas: 3, serviceName: "web" } : atOnce;
  return { metadata: { name: "web" }, spec: { ...counted, selector: { matchLabels: { app: "web" } }, template, ...over } };
}

const orderOf = (kind: SetKind, over: object = {}) =>
  anOrder(field, { kind: "rollback", workload: { cluster: "prod", namespace: field.namespace, kind, name: "web" }, ...over });

const read = (kind: SetKind) => field.read(plurals[kind], "web");
const imageOf = async (kind: SetKind) => (await read(kind)).spec.template.spec.containers[0].image;

/** All pods run the template of now and are ready. */
async function untilReady(kind: SetKind): Promise<void> {
  const look = async () => {
    await playController(field, kind);
    const { metadata, spec, status = {} } = await read(kind);
    const wanted = kind === "StatefulSet" ? spec.replicas : status.desiredNumberScheduled;
    const updated = kind === "StatefulSet" ? status.updatedReplicas : status.updatedNumberScheduled;
    const ready = kind === "StatefulSet" ? status.readyReplicas : status.numberReady;
    return status.observedGeneration === metadata.generation && wanted > 0 && updated === wanted && ready === wanted;
  };
  await expect.poll(look, patient).toBe(true);
}

async function untilSeen(kind: SetKind, revision: number): Promise<void> {
  const look = async () => {
    await playController(field, kind);
    return (await field.steps.preview(orderOf(kind, { revision }))).kind;
  };
  await expect.poll(look, patient).toBe("already-done");
}

/** Revision 1 runs `web:1`, revision 2 `web:2`. */
async function rollOut(kind: SetKind, over: object = {}): Promise<void> {
  await field.create(plurals[kind], aSet(kind, over));
  await untilReady(kind);
  await field.merge(plurals[kind], "web", {
    spec: { template: { spec: { containers: [container("registry.example/web:2")] } } },
  });
  await untilSeen(kind, 2);
}

describe.each(["StatefulSet", "DaemonSet"] as const)("rollback of a %s", (kind) => {
  it("brings an earlier template back, and takes it back again", async () => {
    await rollOut(kind);
    const before = await read(kind);
    const order = orderOf(kind);
    const preview = expectPreview(await field.steps.preview(order));
    const approval = await anApproval(field, order);

    const first = await field.steps.act(approval, order);
    const second = await field.steps.act(approval, order);

    expect(preview.changes[0]).toEqual({ what: "Revision", before: "2", after: "1 (its template)" });
    expect(preview.diff).toEqual(["  container app", "- image: registry.example/web:2", "+ image: registry.example/web:1"]);
    expect(preview.choices?.options[0]?.text).toMatch(/^1 · 1 · \d+ min old$/);
    expect([first.kind, second.kind]).toEqual(["done", "already-done"]);
    const after = await read(kind);
    expect(await imageOf(kind)).toBe("registry.example/web:1");
    expect({ ...after.spec, template: 0 }).toEqual({ ...before.spec, template: 0 });
    await untilSeen(kind, 3);
    await untilReady(kind);
    const { intent } = approval;
    const undo = orderOf(kind, { revisionTemplateHash: intent.kind === "rollback" ? intent.fromTemplateHash : "" });
    expect((await field.steps.act(await anApproval(field, undo), undo)).kind).toBe("done");
    expect(await imageOf(kind)).toBe("registry.example/web:2");
  });

  it("says before that no pod is replaced under OnDelete", async () => {
    await rollOut(kind, { updateStrategy: { type: "OnDelete" } });

    const preview = expectPreview(await field.steps.preview(orderOf(kind)));

    expect(preview.effects.join("\n")).toContain(
      "No pod is replaced until somebody deletes it: the update strategy is OnDelete.",
    );
    expect(preview.warnings[0]).toContain("nothing else happens by itself");
    expect(preview.forecast).not.toHaveProperty("seconds");
    const order = orderOf(kind);
    expect(await field.steps.act(await anApproval(field, order), order)).toMatchObject({
      kind: "done",
      text: expect.stringContaining("no pod is replaced until somebody deletes it"),
    });
  });

  it("is stale when the template moved, or the object is another", async () => {
    await rollOut(kind);
    const order = orderOf(kind);
    const approval = await anApproval(field, order);
    const anew = { ...approval, intent: { ...approval.intent, uid: "another" } as typeof approval.intent };
    expect((await field.steps.act(anew, order)).kind).toBe("stale");
    await field.merge(plurals[kind], "web", { spec: { template: { metadata: { annotations: { hotfix: "1" } } } } });
    await untilSeen(kind, 3);

    const result = await field.steps.act(approval, order);

    expect(result).toMatchObject({ kind: "stale", text: expect.stringContaining("was revision 2 and is revision 3") });
    expect(await imageOf(kind)).toBe("registry.example/web:2");
  });

  it("refuses a revision that is not in the history, and finds nothing to go back to in a history of one", async () => {
    await field.create(plurals[kind], aSet(kind));
    await untilSeen(kind, 1);

    const results = [await field.steps.preview(orderOf(kind, { revision: 41 })), await field.steps.preview(orderOf(kind))];

    expect(results).toMatchObject([
      { kind: "refused", text: expect.stringContaining("no longer in the history (1)") },
      { kind: "refused", text: expect.stringContaining("no earlier revision") },
    ]);
  });
});

describe("rollback of a StatefulSet", () => {
  it("says which pods a partition keeps", async () => {
    await rollOut("StatefulSet", { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } });
    const some = expectPreview(await field.steps.preview(orderOf("StatefulSet")));
    await field.merge(plurals.StatefulSet, "web", { spec: { updateStrategy: { rollingUpdate: { partition: 3 } } } });

    const none = expectPreview(await field.steps.preview(orderOf("StatefulSet")));

    expect(some.effects[1]).toContain("1 of 3 pods are replaced where they are, up to 1 missing at a time");
    expect(none.effects[1]).toBe("No pod is replaced: the partition keeps all 3.");
    expect(none.warnings[0]).toContain("nothing else happens by itself");
  });

  it("names the pod that holds it up, and the command that frees it", async () => {
    await field.create(plurals.StatefulSet, aSet("StatefulSet"));
    await untilReady("StatefulSet");
    const metadata = { annotations: { "load/never-ready": "true" } };
    await field.merge(plurals.StatefulSet, "web", { spec: { template: { metadata } } });
    await untilSeen("StatefulSet", 2);
    await playBrokenPod(field);
    const broken = async () => {
      const { metadata, status } = (await field.read("v1/pods", "web-2")) ?? { metadata: {} };
      return metadata.annotations?.["load/never-ready"] !== undefined && status.phase !== undefined;
    };
    await expect.poll(broken, patient).toBe(true);

    const order = orderOf("StatefulSet");
    const preview = expectPreview(await field.steps.preview(order));
    const result = await field.steps.act(await anApproval(field, order), order);

    const sentence = `web-2 is not ready, and holds the rollback up until deleted by hand, also after the press (kubernetes#67250): kubectl delete pod -n ${field.namespace} web-2`;
    expect(preview.warnings).toContain(sentence);
    expect(result).toMatchObject({ kind: "done", text: expect.stringContaining(sentence) });
  });
});
