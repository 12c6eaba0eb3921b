import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Approval, StepOrder } from "#domain/order.ts";
import type { Intent } from "#domain/intent.ts";
import { isSameIntent } from "#analysis/same-intent.ts";
import { cases, change } from "#test/actions/fault-cases.ts";
import { type FaultField, openFaultField } from "#test/actions/fault-field.ts";
import { expectPreview } from "#test/actions/harness.ts";

const deployment = ["apps/v1/deployments", "Deployment", "deployments"] as const;
/** Acts that leave the count to the autoscaler. */
const moving = cases.filter(({ act }) => ["cap", "lower", "restore", "rollback"].includes(act));

let field: FaultField;
beforeAll(async () => {
  field = await openFaultField();
});
afterAll(() => field[Symbol.asyncDispose]());
beforeEach(() => field.begin());

describe.each(moving)("$act, while the count changes at every tick", (one) => {
  let count = 4;
  /** As an autoscaler does. */
  const tick = () => change(field, deployment, { spec: { replicas: (count += 1) } });

  it("goes through: two people mean the same by their yes, and the act writes what was shown", async () => {
    count = 4;
    await one.prepare(field);
    const workload = { cluster: "prod", namespace: field.namespace, kind: "Deployment", name: "web" } as const;
    const order: StepOrder = { incidentId: "inc-1", stepId: one.act, kind: one.act, workload, ...one.order?.() };
    const shown: Intent[] = [];
    for (let look = 0; look < 3; look += 1) {
      tick();
      shown.push(expectPreview(await field.stepsOf("all").preview(order)).intent);
    }
    const [first, second, last] = shown as [Intent, Intent, Intent];
    expect([isSameIntent(first, second), isSameIntent(first, last)]).toEqual([true, true]);

    tick();
    // Also between every last look and its write.
    for (let write = 0; write < 20; write += 1)
      field.cluster.faults.befall({ method: "PATCH", plural: one.target[2], namespace: field.namespace, before: tick });
    const approval: Approval = { incidentId: "inc-1", stepId: one.act, by: "U1", second: "U2", at: 0, intent: first };
    const result = await field.stepsOf("all").act(approval, order);

    expect(result).toMatchObject({ kind: "done" });
    const written = one.written(field.get(one.target[0], "web"));
    // Nobody's count was written over; what overtook a cap is soon brought down to it by the autoscaler.
    expect([count, one.act === "cap" ? written : count]).toContain(field.get(deployment[0], "web").spec.replicas);
    // A cap follows what runs when it acts.
    expect(one.act === "cap" ? Number(written) <= count : isDeepStrictEqual(written, one.after)).toBe(true);
  });
});
