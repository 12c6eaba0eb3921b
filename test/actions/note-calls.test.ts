import { afterAll, beforeAll, expect, test } from "vitest";
import { type Field, aDeployment, anApproval, anAutoscaler, anOrder, openField, untilReady } from "./harness.ts";
import type { Called } from "#domain/audit.ts";
import type { KubeConnection, KubeRequest } from "#clients/kubernetes/connection.ts";
import { TemporaryError } from "#lib/errors.ts";
import { createClock } from "#lib/clock.ts";
import { createSteps } from "#actions/steps.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { noteCalls } from "#actions/note-calls.ts";
import { patchConfigMap, patchHpa, readHpa } from "#clients/kubernetes/api.ts";
import { silentLog } from "#lib/log.ts";

let field: Field;
beforeAll(async () => {
  field = await openField();
  await field.create("apps/v1/deployments", aDeployment());
  await field.create("autoscaling/v2/horizontalpodautoscalers", anAutoscaler());
});
afterAll(() => field[Symbol.asyncDispose]());

const hpaPath = () => `/apis/autoscaling/v2/namespaces/${field.namespace}/horizontalpodautoscalers/web`;
const dryRun = () => ({ method: "PATCH", path: hpaPath(), status: 200, dryRun: true });

/** Over the field's connection; what `cut` names gets no answer, as when the line breaks. */
function cutConnection(cut: (request: KubeRequest) => boolean): KubeConnection {
  const { connection } = field;
  return {
    ...connection,
    [Symbol.asyncDispose]: async () => {},
    send: async (request) => {
      const answer = await connection.send(request);
      if (!cut(request)) return answer;
      await answer.body.dump();
      throw new Error("the line was cut");
    },
  };
}

test("a preview tells its dry run, and an act its writes, as the server answered", async () => {
  await untilReady(field, 4);
  const order = anOrder(field, { kind: "cap" });
  const previewed = await field.steps.preview(order);
  expect(previewed).toMatchObject({ kind: "preview", calls: [dryRun()] });

  const done = await field.steps.act(await anApproval(field, order), order);
  expect(done.kind).toBe("done");
  expect(done.calls).toContainEqual({ ...dryRun(), dryRun: false });

  const again = await field.steps.preview(order);
  expect(again).toMatchObject({ kind: "already-done" });
  expect(again.calls).toBeUndefined();
});

test("what the server refuses is told with its status; reading is not told", async () => {
  const { connection, noted } = noteCalls(field.connection);
  await readHpa(connection, field.namespace, "web");
  const operations = [{ op: "test", path: "/spec/maxReplicas", value: -1 } as const];
  await expect(patchHpa(connection, field.namespace, "web", { type: "json", operations })).rejects.toThrow(hpaPath());
  expect(noted()).toEqual({ calls: [{ method: "PATCH", path: hpaPath(), status: 422, dryRun: false }] });
});

test("what was sent before an act broke off is told by itself, also where no answer came", async () => {
  const told: { by: string | undefined; sent: Called }[] = [];
  const steps = createSteps({
    isProtected: () => false,
    connection: cutConnection(({ method }) => method === "PATCH"),
    cluster: "prod",
    clock: createClock(),
    log: silentLog,
    foretell,
    onInterrupted: async (_order, by, sent) => void told.push({ by, sent }),
  });
  await field.merge("autoscaling/v2/horizontalpodautoscalers", "web", { spec: { maxReplicas: 300 } });
  const order = anOrder(field, { kind: "cap" });
  const approval = await anApproval(field, order);

  await expect(steps.preview(order)).rejects.toThrow(TemporaryError);
  await expect(steps.act({ ...approval, second: "U2" }, order)).rejects.toThrow(TemporaryError);

  const text = expect.stringContaining("the line was cut") as string;
  expect(told).toEqual([
    { by: undefined, sent: { calls: [{ method: "PATCH", path: hpaPath(), dryRun: true }], text } },
    { by: "U1, U2", sent: { calls: [expect.objectContaining({ method: "PATCH", path: hpaPath() })], text } },
  ]);
});

test("of very many the first and the last are told, and how many there were", async () => {
  await field.create("v1/configmaps", { metadata: { name: "many" } });
  const { connection, noted } = noteCalls(field.connection);
  for (let index = 0; index < 100; index += 1)
    await patchConfigMap(connection, field.namespace, index === 99 ? "none" : "many", { data: {} }, { dryRun: true }).catch(
      () => {},
    );
  const { calls = [], callsInAll } = noted();
  expect(callsInAll).toBe(100);
  expect(calls).toHaveLength(60);
  expect(calls.at(0)).toMatchObject({ status: 200 });
  expect(calls.at(-1)).toMatchObject({ status: 404, dryRun: true });
});
