import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEnqueue } from "#app/jobs.ts";
import { APPROVAL_MS } from "#domain/signed-step.ts";
import { createClock } from "#lib/clock.ts";
import { silentLog } from "#lib/log.ts";
import { createQueues, type Queues } from "#store/queues.ts";
import type { JobData } from "#workflow/jobs.ts";
import { type Door, type DoorCall, openDoor } from "#test/actions/door.ts";
import { type Field, aDeployment, anApproval, anAutoscaler, anOrder, openField } from "#test/actions/harness.ts";
import { startQueuedAgent } from "#test/actions/queued-agent.ts";
import { NOON } from "#test/builders.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { signing } from "#test/workflow/signing.ts";

// A job whose worker is gone runs again once its lock is over: about ten seconds of the wall.
const soon = { timeout: 60_000, interval: 50 };
const hpas = "autoscaling/v2/horizontalpodautoscalers";

let stack: AsyncDisposableStack;
let door: Door;
let field: Field;
let redis: TestRedis;
let queues: Queues;
let answers: JobData<"acted">[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  answers = [];
  redis = stack.use(await startRedis({ persistent: true }));
  door = stack.use(await openDoor());
  field = stack.use(await openField(await door.kubeconfig()));
  await field.create("apps/v1/deployments", aDeployment());
  await field.create(hpas, anAutoscaler());
  await field.create("v1/configmaps", { metadata: { name: "k8s-why-steps" } });
  queues = stack.use(createQueues({ url: redis.url, clock: createClock(), log: silentLog }));
  stack.use(
    queues.startWorker("incidents", 1, async ({ name, data }) => {
      if (name === "acted") answers.push(data as JobData<"acted">);
    }),
  );
  await sayYes();
});
afterEach(() => stack.disposeAsync());

/** A cap that was approved, in Redis, and nobody there yet to carry it out. */
async function sayYes(): Promise<void> {
  const order = anOrder(field, { kind: "cap" });
  const approval = { ...(await anApproval(field, order)), at: NOON };
  const approvers = [{ id: approval.by, kind: "member", groups: [] }] as const;
  const document = { cluster: "prod", order, approval, approvers, expiresAt: NOON + APPROVAL_MS, nonce: signing.nonce() };
  const signed = { document, signature: signing.sign(document) };
  const enqueue = createEnqueue(queues, "prod");
  await expect.poll(() => enqueue("act", { signed }, { id: "act/1" }).then(() => true), soon).toBe(true);
}

const isWrite = ({ method, path }: DoorCall) =>
  method === "PATCH" && path.includes("horizontalpodautoscalers") && !path.includes("dryRun");
const writes = () => door.calls.filter(isWrite);
const ceiling = async () => (await field.read(hpas, "web")).spec.maxReplicas;
const agent = async () => ({ kubeconfigPath: await door.kubeconfig(), redisUrl: redis.url, namespace: field.namespace });

describe("an approved act", { timeout: 200_000 }, () => {
  it("whose agent is killed between the write and its record is finished by the next, without a second write", async () => {
    const { kubeconfigPath, redisUrl, namespace } = await agent();
    const program = fileURLToPath(new URL("agent-child.ts", import.meta.url));
    door.answer = (call) => {
      // The cluster carries it out, and nobody is left to hear its answer.
      if (isWrite(call)) child.kill("SIGKILL");
      return undefined;
    };
    const child = spawn(process.execPath, [program, kubeconfigPath, redisUrl, namespace], { stdio: "inherit" });
    const [, signal] = await once(child, "exit");
    await door.idle();
    expect([signal, await ceiling(), writes().length, answers.length]).toEqual(["SIGKILL", 4, 1, 0]);

    stack.use(startQueuedAgent(await agent()));

    await expect.poll(() => answers, soon).toMatchObject([{ approval: { by: "U1" }, result: { kind: "already-done" } }]);
    expect([await ceiling(), writes().length]).toEqual([4, 1]);
  });

  it("is carried out once where Redis was restarted between the yes and the act", async () => {
    await redis.stop();
    await redis.start();
    stack.use(startQueuedAgent(await agent()));

    await expect.poll(() => answers, soon).toMatchObject([{ result: { kind: "done" } }]);
    expect([await ceiling(), writes().length]).toEqual([4, 1]);
  });

  it("whose token has expired changes nothing, and is done once the token is renewed", async () => {
    const expired = {
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      code: 401,
      reason: "Unauthorized",
      message: "Unauthorized",
    };
    let asked = 0;
    door.answer = (call) => {
      if (!isWrite(call)) return undefined;
      asked += 1;
      return asked <= 2 ? { code: 401, body: expired } : undefined;
    };
    stack.use(startQueuedAgent(await agent()));

    await expect.poll(() => asked, soon).toBeGreaterThan(0);
    await expect.poll(() => answers, soon).toMatchObject([{ result: { kind: "done" } }]);
    expect([await ceiling(), asked]).toEqual([4, 3]);
  });
});
