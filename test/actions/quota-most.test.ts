import { afterEach, beforeEach, expect, it } from "vitest";
import { type Field, aDeployment, anApproval, anAutoscaler, anOrder, openField, untilReady } from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";

let field: Field;
beforeEach(async () => {
  field = await openField();
});
afterEach(() => field[Symbol.asyncDispose]());

it("a cap says how many replicas the quotas would have let run, for the estimate of where the count would be", async () => {
  const hard = { pods: "50" };
  await field.create("apps/v1/deployments", aDeployment());
  await field.create("autoscaling/v2/horizontalpodautoscalers", anAutoscaler());
  await untilReady(field, 4);
  const cap = anOrder(field, { kind: "cap" });
  const free = await field.steps.act(await anApproval(field, cap), cap);
  expect(free).not.toHaveProperty("quotaMost");

  await field.create("v1/resourcequotas", { metadata: { name: "few" }, spec: { hard } });
  // The simulated cluster has no quota controller; the real one says the same.
  await field.merge("v1/resourcequotas", "few/status", { status: { hard, used: { pods: "4" } } });
  await field.merge("autoscaling/v2/horizontalpodautoscalers", "web", { spec: { maxReplicas: 400 } });
  await expect.poll(async () => (await field.read("v1/resourcequotas", "few")).status?.used?.pods, patient).toBe("4");
  const again = { ...cap, incidentId: "inc-2" };
  expect(await field.steps.act(await anApproval(field, again), again)).toMatchObject({ kind: "done", quotaMost: 50 });
});
