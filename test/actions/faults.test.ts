import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ActResult, Approval, StepOrder } from "#domain/order.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { Mishap } from "#sim/cluster/mishaps.ts";
import { cases, change } from "#test/actions/fault-cases.ts";
import { type FaultField, openFaultField, type Token } from "#test/actions/fault-field.ts";
import { type Live, expectPreview } from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";

// What every act must survive, by faults that only the simulation has on demand.
let field: FaultField;
beforeAll(async () => {
  field = await openFaultField();
});
afterAll(() => field[Symbol.asyncDispose]());
beforeEach(() => field.begin());

describe.each(cases)("$act", (one) => {
  const theTarget = () => field.get(one.target[0], "web");
  const isWritten = () => isDeepStrictEqual(one.written(theTarget()), one.after);
  const remove = () => void field.cluster.store.delete(one.target[0], field.namespace, "web");
  const befall = (mishap: Omit<Mishap, "method" | "plural">) =>
    field.cluster.faults.befall({ method: "PATCH", plural: one.target[2], namespace: field.namespace, ...mishap });
  let order: StepOrder;
  let approval: Approval;
  const act = (token: Token = "all") => field.stepsOf(token).act(approval, order);
  const failure = async (): Promise<unknown> => act().then(undefined, (error: unknown) => error);
  /** As the queue does: again while the other side cannot answer. */
  const actAgain = async (): Promise<ActResult> => {
    let result: ActResult | undefined;
    const once = async () => (result = await act().catch(() => undefined))?.kind;
    await expect.poll(once, patient).toBeDefined();
    return result as ActResult;
  };

  beforeEach(async () => {
    await one.prepare(field);
    const workload = { cluster: "prod", namespace: field.namespace, kind: "Deployment", name: "web" } as const;
    order = { incidentId: "inc-1", stepId: one.act, kind: one.act, workload, ...one.order?.() };
    const { intent } = expectPreview(await field.stepsOf("all").preview(order));
    approval = { incidentId: "inc-1", stepId: one.act, by: "U1", at: 0, intent };
  });

  it("does nothing before it is approved", () => {
    expect([isWritten(), field.writes]).toEqual([false, []]);
  });

  it("is done once, however often it runs, and leaves one Event", async () => {
    const first = await act();
    field.writes = [];
    const second = await actAgain();

    expect([first.kind, second.kind, isWritten()]).toEqual(["done", "already-done", true]);
    expect(field.writes).toEqual([]);
    expect(theTarget().metadata.annotations["k8s-why.dev/incident"]).toBe("inc-1");
    expect(field.ownEvents()).toHaveLength(1);
    expect(second.text).not.toContain("No Event");
  });

  it("refuses when the object was deleted", async () => {
    remove();

    expect((await act()).kind).toBe("refused");
    expect(field.writes).toEqual([]);
  });

  it("is stale when another object has its name", async () => {
    const { metadata, spec } = theTarget();
    remove();
    const { name, labels, annotations } = metadata;
    field.make(one.target[0], one.target[1], { spec, metadata: { name, labels, annotations } });
    const result = await actAgain();

    // A Deployment that was made anew has no history to go back to.
    expect(result.kind).toBe(one.act === "rollback" ? "refused" : "stale");
    expect([isWritten(), field.writes]).toEqual([false, []]);
  });

  it("is stale when somebody edited it since it was shown", async () => {
    change(field, one.target, one.edit);
    const result = await actAgain();

    expect(result.kind).toBe("stale");
    expect([isWritten(), field.writes]).toEqual([false, []]);
  });

  it("is stale when somebody edits it between the last look and the write", async () => {
    befall({ before: () => change(field, one.target, one.edit) });
    const result = await actAgain();

    expect(result.kind).toBe("stale");
    expect(isWritten()).toBe(false);
  });

  it("refuses when it is deleted between the last look and the write", async () => {
    befall({ before: () => remove() });

    expect((await act()).kind).toBe("refused");
  });

  it("looks again and field.writes after a conflict", async () => {
    befall({ refusal: { code: 409, reason: "Conflict" } });

    expect([(await act()).kind, isWritten()]).toEqual(["done", true]);
    expect(field.writes).toHaveLength(2);
  });

  it("waits as long as it is told to, and field.writes then", async () => {
    befall({ refusal: { code: 429, reason: "TooManyRequests", retryAfterSeconds: 7 } });

    expect(await failure()).toMatchObject({ name: "TemporaryError", retryAfterMs: 7_000 });
    expect(isWritten()).toBe(false);
    expect([(await act()).kind, isWritten()]).toEqual(["done", true]);
  });

  it("is tried again after an error of the server", async () => {
    befall({ refusal: { code: 500, reason: "InternalError" } });

    expect(await failure()).toBeInstanceOf(TemporaryError);
    expect([(await act()).kind, isWritten()]).toEqual(["done", true]);
  });

  it("finds its own work where the answer was lost, and does not repeat it", async () => {
    befall({ answerLost: true });

    expect(await failure()).toBeInstanceOf(TemporaryError);
    expect([isWritten(), field.writes.length]).toEqual([true, 1]);
    expect((await actAgain()).kind).toBe("already-done");
    expect(field.writes).toHaveLength(1);
    expect(field.ownEvents()).toHaveLength(1);
  });

  it("says that it may not", async () => {
    const reader = field.stepsOf("reader");

    const results = [await reader.preview(order), await reader.act(approval, order)];

    for (const result of results)
      expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("cannot patch") });
    expect(isWritten()).toBe(false);
  });

  it("is done without the right to write Events, and says so", async () => {
    expect(await act("eventless")).toMatchObject({ kind: "done", text: expect.stringContaining("No Event could be written") });
    expect([isWritten(), field.ownEvents()]).toEqual([true, []]);
  });

  it("notices that something puts it back at once, and says so", async () => {
    befall({ after: () => change(field, one.target, one.undo) });

    expect(await act()).toMatchObject({ kind: "refused", text: expect.stringContaining("at once: look for the tool") });
    expect(field.ownEvents()).toEqual([]);
  });
});

describe.each(cases.filter(({ act }) => act === "cap" || act === "lower"))("$act", (one) => {
  const [resource, , plural] = one.target;
  let order: StepOrder;
  let approval: Approval;
  const act = () => field.stepsOf("all").act(approval, order);
  /** Something else writes between the last look and the write. */
  const meanwhile = (change: (hpa: Live) => Live) => {
    const { cluster, namespace } = field;
    const before = () => void cluster.store.modify(resource, namespace, "web", change);
    cluster.faults.befall({ method: "PATCH", plural, namespace, before });
  };

  beforeEach(async () => {
    await one.prepare(field);
    const workload = { cluster: "prod", namespace: field.namespace, kind: "Deployment", name: "web" } as const;
    order = { incidentId: "inc-1", stepId: one.act, kind: one.act, workload, ...one.order?.() };
    const { intent } = expectPreview(await field.stepsOf("all").preview(order));
    approval = { incidentId: "inc-1", stepId: one.act, by: "U1", at: 0, intent };
  });

  it("goes below no minimum that somebody raised since it was shown", async () => {
    change(field, one.target, { spec: { minReplicas: 50 } });

    const result = await act();

    // It is our own look that says so: the API server would not take such a ceiling either.
    expect(result.text).not.toContain("The cluster refuses it");
    expect(field.get(resource, "web").spec.maxReplicas).toBeGreaterThanOrEqual(50);
  });

  it("leaves its notes where there were none, whatever moves in the status", async () => {
    meanwhile((hpa) => ({ ...hpa, status: { ...hpa.status, currentReplicas: 77 } }));

    expect([(await act()).kind, field.writes.length]).toEqual(["done", 1]);
    expect(field.get(resource, "web").metadata.annotations["k8s-why.dev/incident"]).toBe("inc-1");
  });

  it("writes over no note that somebody leaves meanwhile", async () => {
    meanwhile((hpa) => ({ ...hpa, metadata: { ...hpa.metadata, annotations: { theirs: "1" } } }));

    expect([(await act()).kind, field.writes.length]).toEqual(["done", 2]);
    expect(field.get(resource, "web").metadata.annotations).toMatchObject({ theirs: "1", "k8s-why.dev/incident": "inc-1" });
  });
});

describe("drain", () => {
  const [resource, plural] = ["v1/nodes", "nodes"] as const;
  const node = () => field.cluster.store.get(resource, undefined, field.namespace) as Live;
  const cordons = () => field.writes.filter((write) => write.includes("/nodes/"));
  let order: StepOrder;
  let approval: Approval;

  beforeEach(() => {
    const { cluster, namespace } = field;
    const status = { allocatable: { cpu: "4", memory: "8Gi", pods: "110" } };
    const spec = { taints: [{ key: "own", value: namespace, effect: "NoSchedule" }] };
    cluster.store.create(resource, { apiVersion: "v1", kind: "Node", metadata: { name: namespace }, spec, status });
    const workload = { cluster: "prod", namespace, kind: "Deployment", name: "web" } as const;
    order = { incidentId: "inc-1", stepId: "drain", kind: "drain", workload, bornSince: 0, keepNodes: 2 };
    const { uid } = node().metadata;
    const intent = { kind: "drain", cluster: "prod", nodes: [{ name: namespace, uid }] } as const;
    approval = { incidentId: "inc-1", stepId: "drain", by: "U1", at: 0, intent };
  });
  afterEach(() => void field.cluster.store.delete(resource, undefined, field.namespace));

  it("leaves a trace on the node that it cordons, in the same write", async () => {
    const result = await field.stepsOf("all").act(approval, order);

    expect([result.kind, node().spec.unschedulable, cordons().length]).toEqual(["done", true, 1]);
    expect(node().metadata.annotations).toMatchObject({ "k8s-why.dev/incident": "inc-1" });
    expect(field.ownEvents()).toMatchObject([{ metadata: { namespace: "default" }, involvedObject: { kind: "Node" } }]);
  });

  it("finds the node cordoned where the answer was lost", async () => {
    field.cluster.faults.befall({ method: "PATCH", plural, answerLost: true });

    const steps = field.stepsOf("all");
    await expect(steps.act(approval, order)).rejects.toBeInstanceOf(TemporaryError);
    const again = await steps.act(approval, order);

    expect([again.kind, node().spec.unschedulable, cordons().length]).toEqual(["done", true, 1]);
  });

  it("is done without the right to write Events", async () => {
    const result = await field.stepsOf("eventless").act(approval, order);

    expect(result).toMatchObject({ kind: "done" });
    expect(node().spec.unschedulable).toBe(true);
  });
});
