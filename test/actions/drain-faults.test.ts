import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { createDrainRun } from "#actions/drain-run.ts";
import { readPodsOn } from "#actions/pods.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { createSteps } from "#actions/steps.ts";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import { silentLog } from "#lib/log.ts";
import { expectPreview, openField, quickClock } from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";
import { type Door, evictionsOf, openDoor } from "#test/actions/door.ts";
import { type Yard, openYard } from "#test/actions/yard.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function openBehindDoor(tokens: Parameters<typeof openDoor>[0] = []): Promise<{ door: Door; yard: Yard }> {
  const door = stack.use(await openDoor(tokens));
  const yard = stack.use(await openYard(async () => openField(await door.kubeconfig())));
  return { door, yard };
}

const isEviction = ({ method, path }: { method: string; path: string }) => method === "POST" && path.includes("/eviction");
const status = (code: number, message: string) => ({ kind: "Status", apiVersion: "v1", status: "Failure", code, message });

describe("a drain", () => {
  it("leaves a node with a pod that nothing would make again, and says which", async () => {
    const yard = stack.use(await openYard());
    await yard.spread();
    const containers = [{ name: "app", image: "registry.example/alone:1" }];
    const tolerations = [{ key: "own", operator: "Exists" }];
    await yard.create("v1/pods", {
      metadata: { name: "alone" },
      spec: { nodeName: yard.nodeName("new-a"), containers, tolerations },
    });

    const { intent, warnings } = expectPreview(await yard.steps.preview(yard.order()));

    const names = "nodes" in intent ? intent.nodes.map(({ name }) => name) : [];
    expect(names).toContain(yard.nodeName("new-b"));
    expect(names).not.toContain(yard.nodeName("new-a"));
    expect(warnings.join("\n")).toContain(`on ${yard.nodeName("new-a")}, ${yard.namespace}/alone has no controller`);
  });

  it("goes on without a node that went between preview and press, and leaves one of the same name alone", async () => {
    const yard = stack.use(await openYard());
    await yard.spread();
    await yard.createNode("new-c");
    const order = yard.order();
    const approval = await yard.approve(order);
    await yard.deleteNode("new-c");
    await yard.deleteNode("new-a");
    await yard.createNode("new-a");

    const result = await yard.steps.act(approval, order);

    expect(result).toMatchObject({ kind: "done", text: expect.stringContaining("1 node cordoned and emptied") });
    expect(result.text).toContain("2 nodes had gone before");
    expect(await yard.cordoned()).not.toContain(yard.nodeName("new-a"));
    expect(await yard.podsOn("new-b")).toEqual([]);
  });

  it("leaves a node alone that takes the place of one that is being emptied", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread();
    const order = yard.order();
    const approval = await yard.approve(order);
    let replaced = false;
    door.answer = async (call) => {
      if (!isEviction(call) || replaced) return undefined;
      replaced = true;
      for (const name of ["new-a", "new-b"]) {
        await yard.deleteNode(name);
        await yard.createNode(name);
      }
      return undefined;
    };

    const result = await yard.steps.act(approval, order);
    const evicted = evictionsOf(door);

    expect(result.kind).toBe("done");
    // Of the nodes that it began with, each was looked at once.
    expect(evicted.length).toBeLessThanOrEqual(2);
    expect(await yard.cordoned()).toEqual([]);
  });

  it("waits as long as a busy server asks it to, and does not take that for a budget's no", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread();
    const slept: number[] = [];
    const clock = quickClock();
    const connection = stack.use(createKubeConnection({ kubeconfigPath: await door.kubeconfig() }));
    const sleep = (ms: number) => clock.sleep(slept.push(ms) && ms);
    const steps = createSteps({
      connection,
      cluster: "prod",
      clock: { ...clock, sleep },
      log: silentLog,
      foretell,
      isProtected: () => false,
    });
    const order = yard.order();
    const approval = await yard.approve(order);
    let refusals = 2;
    door.answer = (call) =>
      isEviction(call) && (refusals -= 1) >= 0
        ? { code: 429, headers: { "retry-after": "90" }, body: status(429, "too many requests, please try again later") }
        : undefined;

    const result = await steps.act(approval, order);

    expect(result.kind).toBe("done");
    expect(Math.max(...slept)).toBe(90_000);
    expect(await yard.podsOn("new-a")).toEqual([]);
  });

  it("takes a 500 of the server's for an accident, and one about several budgets for a no", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread();
    const order = yard.order();
    const approval = await yard.approve(order);
    await yard.guard("one", { minAvailable: 1 }, { disruptionsAllowed: 11 });
    await yard.guard("two", { minAvailable: 1 }, { disruptionsAllowed: 11 });

    const preview = expectPreview(await yard.steps.preview(order));
    let accidents = 2;
    door.answer = (call) =>
      isEviction(call) && (accidents -= 1) >= 0 ? { code: 500, body: status(500, "etcdserver: request timed out") } : undefined;
    const blocked = await yard.steps.act(approval, order);
    await yard.merge("policy/v1/poddisruptionbudgets", "two", { spec: { selector: { matchLabels: { app: "none" } } } });
    const done = await yard.steps.act(approval, order);

    expect(preview.effects.join("\n")).toMatch(/then it stops at .* both cover it, which evictions do not support/s);
    expect(blocked).toMatchObject({
      kind: "refused",
      partly: true,
      text: expect.stringContaining("more than one PodDisruptionBudget"),
    });
    expect(done.kind).toBe("done");
    expect(accidents).toBeLessThan(0);
  });

  it("is refused before anybody decides where evictions are forbidden in one namespace, and stops there where that came later", async () => {
    const rules = [
      { verbs: ["*"], apiGroups: ["*"], resources: ["nodes", "pods", "deployments", "poddisruptionbudgets"] },
      { verbs: ["create"], apiGroups: [""], resources: ["pods/eviction"], namespaces: ["elsewhere"] },
    ];
    const { door, yard } = await openBehindDoor([{ token: "agent", user: "k8s-why", rules }]);
    await yard.spread();
    const connection = stack.use(createKubeConnection({ kubeconfigPath: await door.kubeconfig("agent") }));
    const steps = createSteps({
      connection,
      cluster: "prod",
      clock: quickClock(),
      log: silentLog,
      foretell,
      isProtected: () => false,
    });
    const order = yard.order();

    const preview = await steps.preview(order);
    const result = await steps.act(await yard.approve(order), order);

    expect(preview).toMatchObject({ kind: "refused", text: expect.stringContaining(`cannot create resource "pods/eviction"`) });
    expect(preview.kind === "refused" && preview.text).toContain(`in the namespace "${yard.namespace}"`);
    expect(result).toMatchObject({ kind: "refused", partly: true, text: expect.stringMatching(/^Stopped at .* is forbidden/) });
    expect(evictionsOf(door).length).toBeLessThanOrEqual(2);
  });

  it("that a budget holds up for long stops at that pod, says what the budget needs, and touches no further node", async () => {
    const { yard } = await openBehindDoor();
    await yard.spread();
    // Two pods that never get ready take all that the budget would let go.
    const order = yard.order();
    await yard.guard("web", { maxUnavailable: 2 }, { disruptionsAllowed: 2 });
    const containers = [{ name: "app", image: "registry.example/web:1", resources: { requests: { cpu: "900" } } }];
    for (const name of ["stuck-a", "stuck-b"])
      await yard.create("apps/v1/replicasets", {
        metadata: { name },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: "web", name } },
          template: { metadata: { labels: { app: "web", name } }, spec: { containers } },
        },
      });
    const said = async () => (await yard.read("policy/v1/poddisruptionbudgets", "web")).status.disruptionsAllowed;
    await expect.poll(said, patient).toBe(0);
    const steps = createSteps({
      connection: yard.connection,
      cluster: "prod",
      clock: quickClock(),
      log: silentLog,
      foretell,
      isProtected: () => false,
      mostNodes: 1,
    });

    const preview = expectPreview(await steps.preview(order));
    const result = await steps.act(await yard.approve(order), order);

    expect(preview.warnings.join("\n")).toContain("allows no eviction now");
    expect(result).toMatchObject({ kind: "refused", partly: true });
    expect(result.text).toMatch(
      /^Stopped at \S+\/web-\S+ on \S+: The disruption budget web needs 12 healthy pods and has 12 currently/,
    );
    expect(result.text).toContain("0 of 2 nodes were emptied");
    expect(result.text).toMatch(/It was: 0, stopped at \S+, [5-9] minutes\./);
  });

  it("whose agent is killed between two evictions is gone on with by the next, and nothing is evicted twice", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread({ terminationGracePeriodSeconds: 30 }, 24);
    const order = yard.order();
    const approval = await yard.approve(order);
    const args = [await door.kubeconfig(), JSON.stringify(approval), JSON.stringify(order)];
    door.answer = (call) => {
      // The cluster carries the third out, and nobody hears its answer.
      if (isEviction(call) && evictionsOf(door).length === 3) agent.kill("SIGKILL");
      return undefined;
    };
    const agent = spawn(process.execPath, [new URL("drain-child.ts", import.meta.url).pathname, ...args], { stdio: "inherit" });
    const [, signal] = await once(agent, "exit");
    await door.idle();
    const before = evictionsOf(door);

    const result = await yard.steps.act(approval, order);

    expect(signal).toBe("SIGKILL");
    // The third, and what another node had asked for in that moment.
    expect(before.length).toBeLessThan(6);
    expect(result).toMatchObject({ kind: "done", text: expect.stringContaining("2 nodes cordoned and emptied") });
    const all = evictionsOf(door);
    expect(all.length).toBeGreaterThan(before.length);
    expect(new Set(all).size).toBe(all.length);
    expect([await yard.podsOn("new-a"), await yard.podsOn("new-b")]).toEqual([[], []]);
  });

  it.each([
    ["that may not go on after a crash can be taken back: what an earlier run cordoned is ours too", "drain"],
    ["that only cordons, likewise", "cordon"],
  ] as const)("%s", async (_title, kind) => {
    const { door, yard } = await openBehindDoor();
    const order = yard.order({ kind });
    const approval = await yard.approve(order);
    const forbidden = { code: 403, body: status(403, "nodes is forbidden") };
    let cordons = 0;
    door.answer = ({ method, path }) => {
      if (method !== "PATCH" || !path.includes("/nodes/")) return undefined;
      cordons += 1;
      return cordons === 1 ? undefined : forbidden;
    };

    const killed = await yard.steps.act(approval, order);
    const cordoned = await yard.cordoned();
    const result = await yard.steps.act(approval, order);
    const other = await yard.steps.act({ ...approval, incidentId: "inc-2" }, { ...order, incidentId: "inc-2" });

    expect(cordoned).toHaveLength(1);
    for (const stopped of [killed, result]) expect(stopped).toMatchObject({ kind: "refused", partly: true });
    expect(other).toMatchObject({ kind: "refused", partly: false });
  });

  it("does not ask again for a pod that is going already", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread();
    const isProtected = () => false;
    const [pod, other] = await readPodsOn({ ...yard, isProtected }, yard.nodeName("new-a"));
    const { connection } = yard;
    const context = { connection, cluster: "prod", clock: quickClock(), log: silentLog, foretell, fieldManager: "k8s-why" };
    const rest = { isProtected, isStopped: async () => false, downMigrations: new Map(), mostNodes: 20, onProgress: () => {} };
    const run = createDrainRun({ ...context, ...rest });

    const again = await run.evict({ ...pod!, going: true });
    const first = await run.evict(other!);

    expect([again, first]).toEqual([undefined, undefined]);
    expect(evictionsOf(door)).toEqual([other!.uid]);
    expect(run.evicted()).toBe(1);
  });

  it("ends where all acts are stopped while it runs, and goes on when they may again", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread();
    await yard.createNode("new-c");
    const order = yard.order();
    const approval = await yard.approve(order);
    const { connection } = yard;
    let stopped = true;
    let gone: Promise<unknown> | undefined;
    const isStopped = async () => {
      if (evictionsOf(door).length === 0) return false;
      // The node autoscaler takes the one that is empty.
      gone ??= yard.deleteNode("new-c");
      await gone;
      return stopped;
    };
    const steps = createSteps({
      connection,
      cluster: "prod",
      clock: quickClock(),
      log: silentLog,
      foretell,
      isProtected: () => false,
      isStopped,
    });

    const first = await steps.act(approval, order);
    const evicted = evictionsOf(door).length;
    stopped = false;
    const second = await steps.act(approval, order);

    expect(first).toMatchObject({ kind: "refused", partly: true, text: expect.stringMatching(/^All acts were stopped\./) });
    expect(first.text).toMatch(/It was: \d+, stopped by hand, /);
    expect(first.text).toMatch(/of 3 nodes w\w+ emptied; 2 are still there, and cordoned\./);
    // A look at each of the two nodes, and no more.
    expect(evicted).toBeLessThanOrEqual(2);
    expect(second.kind).toBe("done");
  });

  it("fails, to be tried again, where nobody can tell whether acts are stopped, and not before its other nodes have come to an end", async () => {
    const { door, yard } = await openBehindDoor();
    await yard.spread();
    const order = yard.order();
    const approval = await yard.approve(order);
    let away = 1;
    const isStopped = async () => {
      if (evictionsOf(door).length > 0 && (away -= 1) >= 0) throw new Error("Redis is away");
      return false;
    };
    const steps = createSteps({
      connection: yard.connection,
      cluster: "prod",
      clock: quickClock(),
      log: silentLog,
      foretell,
      isProtected: () => false,
      isStopped,
    });

    await expect(steps.act(approval, order)).rejects.toThrow("Redis is away");
    const left = [await yard.podsOn("new-a"), await yard.podsOn("new-b")].filter((pods) => pods.length > 0);
    const result = await yard.steps.act(approval, order);

    // Tried again, it must not meet itself.
    expect(left).toHaveLength(1);
    expect(result.kind).toBe("done");
    const all = evictionsOf(door);
    expect(new Set(all).size).toBe(all.length);
  });
});
