import { CoreV1Api, KubeConfig, AuthorizationV1Api } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetch } from "undici";
import type { AccessToken } from "#sim/cluster/access.ts";
import { startKubeApi, type KubeApi, type KubeApiOptions } from "#sim/cluster/api.ts";
import { formatKubeconfig } from "#sim/cluster/kubeconfig.ts";
import { createObjectStore } from "#sim/cluster/store.ts";
import type { ObjectStore } from "#sim/cluster/types.ts";
import { connectTo, refusal, type Connection } from "./harness.ts";

/** What only the simulation can do: fail on demand, know users by a list, and be watched closely. */
const now = () => Date.UTC(2026, 10, 2, 1);
const pods = "/api/v1/namespaces/shop/pods";
const patient = { timeout: 40_000, interval: 20 };
let store: ObjectStore;
let api: KubeApi;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  await serve({});
});
afterEach(() => stack.disposeAsync());

async function serve(options: Partial<KubeApiOptions>): Promise<void> {
  store = createObjectStore({ now });
  store.create("v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  api = stack.use(await startKubeApi({ store, now, ...options }));
}

function configFor(token?: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(formatKubeconfig(api.url, token === undefined ? {} : { token }));
  return config;
}
const connection = (): Connection => connectTo(configFor());

let count = 0;
const aPod = () => {
  const spec = { containers: [{ name: "app", image: "registry.example/app:1" }] };
  return store.create("v1/pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${(count += 1)}`, namespace: "shop" },
    spec,
  });
};

test("Watches that are closed end; they resume without a gap.", async () => {
  await using watch = await connection().stream(pods, { resourceVersion: store.resourceVersion });
  const first = aPod();
  await vi.waitFor(() => expect(watch.lines).toHaveLength(1), patient);
  api.faults.closeWatches();
  await watch.ended;
  aPod();
  await using again = await connection().stream(pods, { resourceVersion: first.metadata.resourceVersion });
  await vi.waitFor(() => expect(again.lines).toHaveLength(1), patient);
});

test("Watches that are closed abruptly break.", async () => {
  await using watch = await connection().stream(pods, { resourceVersion: store.resourceVersion });
  const end = watch.ended.then(
    () => "ended",
    () => "broken",
  );
  api.faults.closeWatches(true);
  expect(await end).toBe("broken");
});

test("An API that is unavailable says when to come back, and comes back.", async () => {
  api.faults.unavailable(3_000, 7);
  const refused = await connection().raw(pods);
  expect(refused).toMatchObject({ code: 503, body: { reason: "ServiceUnavailable", details: { retryAfterSeconds: 7 } } });
  expect(refused.headers.get("retry-after")).toBe("7");
  await vi.waitFor(async () => expect((await connection().raw(pods)).code).toBe(200), patient);
});

test("Forgotten history is 410 for a watch and for the next page; a new list works.", async () => {
  const old = store.resourceVersion;
  for (let index = 0; index < 5; index += 1) aPod();
  const page = (await connection().raw(`${pods}?limit=2`)).body;
  api.faults.forgetHistory();

  await using watch = await connection().stream(pods, { resourceVersion: old });
  await watch.ended;
  const next = await connection().raw(`${pods}?limit=2&continue=${page.metadata.continue}`);
  const inconsistent = await connection().raw(`${pods}?continue=${next.body.metadata.continue}`);
  await using fresh = await connection().stream(pods, { resourceVersion: page.metadata.resourceVersion });
  aPod();

  expect(watch.lines).toMatchObject([{ type: "ERROR", object: { code: 410, reason: "Expired" } }]);
  expect(next).toMatchObject({ code: 410, body: { reason: "Expired" } });
  expect(inconsistent.body.items).toHaveLength(3);
  await vi.waitFor(() => expect(fresh.lines).toHaveLength(1), patient);
});

test("History is of limited size.", async () => {
  await serve({ historySize: 10 });
  const old = store.resourceVersion;
  for (let index = 0; index < 40; index += 1) aPod();
  await using watch = await connection().stream(pods, { resourceVersion: old });
  await watch.ended;
  expect(watch.lines).toMatchObject([{ type: "ERROR", object: { code: 410 } }]);
});

test("A stalled API keeps its connections and says nothing; then it says all.", async () => {
  await serve({ extraRoutes: answerOther });
  await using watch = await connection().stream(pods, { resourceVersion: store.resourceVersion });
  api.faults.stall(60_000);
  let answered = false;
  const answer = connection()
    .raw(pods)
    .finally(() => (answered = true));
  aPod();
  // The other door is not stalled: what came later there is answered first.
  for (let index = 0; index < 5; index += 1) await (await fetch(`${api.url}/other`)).text();
  expect({ answered, lines: watch.lines.length }).toEqual({ answered: false, lines: 0 });

  api.faults.heal();
  await vi.waitFor(() => expect(watch.lines).toHaveLength(1), patient);
  expect((await answer).code).toBe(200);
});

const tokens: readonly AccessToken[] = [
  { token: "all", user: "admin" },
  {
    token: "few",
    user: "agent",
    rules: [
      { verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods"] },
      { verbs: ["patch"], apiGroups: ["apps"], resources: ["deployments", "deployments/scale"], namespaces: ["shop"] },
    ],
  },
];

test("With tokens, a stranger is 401, and a user may do what its rules say.", async () => {
  await serve({ tokens });
  const agent = configFor("few").makeApiClient(CoreV1Api);
  const stranger = configFor("none").makeApiClient(CoreV1Api);

  expect((await agent.listNamespacedPod({ namespace: "shop" })).items).toEqual([]);
  expect(await refusal(stranger.listNamespacedPod({ namespace: "shop" }))).toMatchObject({ code: 401 });
  expect(await refusal(agent.listNode())).toMatchObject({
    code: 403,
    reason: "Forbidden",
    message: 'nodes is forbidden: User "agent" cannot list resource "nodes" in API group "" at the cluster scope',
  });
});

test.each([
  [{ verb: "patch", group: "apps", resource: "deployments", namespace: "shop" }, true],
  [{ verb: "patch", group: "apps", resource: "deployments", subresource: "scale", namespace: "shop" }, true],
  [{ verb: "patch", group: "apps", resource: "deployments", namespace: "other" }, false],
  [{ verb: "delete", group: "apps", resource: "deployments", namespace: "shop" }, false],
  [{ verb: "list", group: "", resource: "pods" }, true],
])("A review of %o says %s, of oneself and of another.", async (resourceAttributes, allowed) => {
  await serve({ tokens });
  const mine = configFor("few").makeApiClient(AuthorizationV1Api);
  const admin = configFor("all").makeApiClient(AuthorizationV1Api);
  const self = await mine.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  const other = await admin.createSubjectAccessReview({ body: { spec: { user: "agent", resourceAttributes } } });
  const stranger = await admin.createSubjectAccessReview({ body: { spec: { user: "stranger", resourceAttributes } } });
  expect([self.status?.allowed, other.status?.allowed, stranger.status?.allowed]).toEqual([allowed, allowed, false]);
});

const answerOther: KubeApiOptions["extraRoutes"] = (_, response, url) => {
  if (url.pathname !== "/other") return false;
  response.end("mine");
  return true;
};

test("Another door on the same port is tried first.", async () => {
  await serve({ extraRoutes: answerOther });
  expect(await (await fetch(`${api.url}/other`)).text()).toBe("mine");
});

test("Protobuf is not spoken, and a body beyond 3 MiB is not read.", async () => {
  const protobuf = { accept: "application/vnd.kubernetes.protobuf" };
  expect(await connection().raw(pods, { headers: protobuf })).toMatchObject({ code: 406 });
  expect(await connection().raw(pods, { method: "POST", body: "x", type: "application/vnd.kubernetes.protobuf" })).toMatchObject({
    code: 415,
  });
  const body = JSON.stringify({ metadata: { name: "x", annotations: { big: "x".repeat(4 * 1024 * 1024) } } });
  expect(await connection().raw(pods, { method: "POST", body })).toMatchObject({ code: 413 });
});

test("4,000 pods that come, run and go reach five watchers in order.", async () => {
  await using watchers = new AsyncDisposableStack();
  const streams = [];
  for (let index = 0; index < 5; index += 1) {
    streams.push(watchers.use(await connection().stream("/api/v1/pods", { resourceVersion: store.resourceVersion })));
  }
  const names = Array.from({ length: 4000 }, () => aPod().metadata.name);
  for (const name of names)
    store.modify("v1/pods", "shop", name, (pod) => ({ ...pod, status: { ...pod.status, phase: "Running" } }));
  for (const name of names) store.delete("v1/pods", "shop", name);

  for (const stream of streams) {
    await vi.waitFor(() => expect(stream.lines).toHaveLength(12_000), patient);
    const versions = stream.lines.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0))).toBe(true);
  }
}, 250_000);
