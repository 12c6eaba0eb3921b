import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, refusal, type TestCluster } from "./harness.ts";

let cluster: TestCluster;
const leases = () => `/apis/coordination.k8s.io/v1/namespaces/${cluster.namespace}/leases`;
const names = (list: { items: readonly { metadata: { name: string } }[] }) => list.items.map(({ metadata }) => metadata.name);

beforeAll(async () => {
  cluster = await connect();
  for (const name of ["c", "a", "e", "b", "d"]) {
    const labels = { group: name < "c" ? "early" : "late", [`is-${name}`]: "yes" };
    await cluster.coordination.createNamespacedLease({
      namespace: cluster.namespace,
      body: { metadata: { name, labels }, spec: {} },
    });
  }
});
afterAll(() => cluster[Symbol.asyncDispose]());

test("Discovery says which resources there are.", async () => {
  const version = await cluster.raw("/version");
  const groups = await cluster.raw("/apis");
  const core = await cluster.raw("/api/v1");
  const apps = await cluster.raw("/apis/apps/v1");
  expect(version.body).toMatchObject({ major: "1" });
  expect((await cluster.raw("/api")).body).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
  expect(groups.body.groups.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["apps", "autoscaling", "policy", "coordination.k8s.io", "authorization.k8s.io"]),
  );
  expect(core.body.resources.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["namespaces", "nodes", "pods", "pods/eviction", "pods/binding", "pods/status", "events"]),
  );
  expect(apps.body.resources).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "deployments", kind: "Deployment", namespaced: true, shortNames: ["deploy"] }),
      expect.objectContaining({ name: "deployments/scale", kind: "Scale", group: "autoscaling", version: "v1" }),
    ]),
  );
  expect((await cluster.raw("/apis/apps")).body).toMatchObject({
    kind: "APIGroup",
    name: "apps",
    preferredVersion: { version: "v1" },
  });
});

test("A list comes in the order of names, its items without kind and apiVersion.", async () => {
  const { body } = await cluster.raw(leases());
  expect(body).toMatchObject({ kind: "LeaseList", apiVersion: "coordination.k8s.io/v1" });
  expect(names(body)).toEqual(["a", "b", "c", "d", "e"]);
  expect(body.items[0].kind).toBeUndefined();
  expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
});

test("Pages show one moment, whatever is deleted meanwhile.", async () => {
  const extra = { metadata: { name: "f" }, spec: {} };
  await cluster.coordination.createNamespacedLease({ namespace: cluster.namespace, body: extra });
  const first = (await cluster.raw(`${leases()}?limit=2`)).body;
  await cluster.coordination.deleteNamespacedLease({ namespace: cluster.namespace, name: "f" });
  const second = (await cluster.raw(`${leases()}?limit=2&continue=${first.metadata.continue}`)).body;
  const third = (await cluster.raw(`${leases()}?limit=2&continue=${second.metadata.continue}`)).body;

  expect(names(first)).toEqual(["a", "b"]);
  expect(first.metadata.remainingItemCount).toBe(4);
  expect(names(second)).toEqual(["c", "d"]);
  expect(names(third)).toEqual(["e", "f"]);
  expect(third.metadata.continue ?? "").toBe("");
  expect([second, third].map(({ metadata }) => metadata.resourceVersion)).toEqual(Array(2).fill(first.metadata.resourceVersion));
  expect(names((await cluster.raw(leases())).body)).toEqual(["a", "b", "c", "d", "e"]);
});

test("A page of a selected list does not say how many remain.", async () => {
  const { body } = await cluster.raw(`${leases()}?limit=1&labelSelector=group`);
  expect(body.metadata.continue).toBeTruthy();
  expect(body.metadata.remainingItemCount).toBeUndefined();
});

test.each([
  ["group=early", ["a", "b"]],
  ["group!=early", ["c", "d", "e"]],
  ["group in (early, other)", ["a", "b"]],
  ["group notin (early),!is-d", ["c", "e"]],
  ["is-a", ["a"]],
  ["group==late,is-e=yes", ["e"]],
  ["nobody=knows", []],
])("The label selector %s finds its objects.", async (selector, found) => {
  const { body } = await cluster.raw(`${leases()}?labelSelector=${encodeURIComponent(selector)}`);
  expect(names(body)).toEqual(found);
});

test("A field selector finds an object by name, and knows only its resource's fields.", async () => {
  expect(names((await cluster.raw(`${leases()}?fieldSelector=metadata.name%3Dc`)).body)).toEqual(["c"]);
  expect(names((await cluster.raw(`${leases()}?fieldSelector=metadata.name!%3Dc`)).body)).toEqual(["a", "b", "d", "e"]);
  expect(await cluster.raw(`${leases()}?fieldSelector=spec.foo%3Dc`)).toMatchObject({
    code: 400,
    body: { reason: "BadRequest" },
  });
  expect(await cluster.raw(`${leases()}?labelSelector=a%3D%3D%3Db`)).toMatchObject({ code: 400, body: { reason: "BadRequest" } });
});

test("Events are selected by what they are about.", async () => {
  const { namespace, core } = cluster;
  const about = (kind: string, name: string, type: string) => {
    const involvedObject = { kind, name, namespace };
    return core.createNamespacedEvent({
      namespace,
      body: { metadata: { generateName: "e." }, involvedObject, reason: "Tested", message: "x", type },
    });
  };
  await Promise.all([about("Pod", "one", "Warning"), about("Pod", "two", "Normal"), about("Deployment", "one", "Warning")]);

  const find = async (fieldSelector: string) => {
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
    return items.map(({ involvedObject }) => `${involvedObject.kind} ${involvedObject.name}`).sort();
  };
  expect(await find("involvedObject.name=one,reason=Tested")).toEqual(["Deployment one", "Pod one"]);
  expect(await find("involvedObject.kind=Pod,reason=Tested")).toEqual(["Pod one", "Pod two"]);
  expect(await find("type=Warning,involvedObject.kind=Pod,reason=Tested")).toEqual(["Pod one"]);
});

test("A continue token that is none, or a future resourceVersion, is refused.", async () => {
  expect(await cluster.raw(`${leases()}?continue=none`)).toMatchObject({ code: 400, body: { reason: "BadRequest" } });
  const future = await cluster.raw(`${leases()}?resourceVersion=999999999999`);
  expect(future).toMatchObject({ code: 504, body: { reason: "Timeout" } });
});

test("What is not there is a 404 that says what was asked for.", async () => {
  const { namespace, coordination } = cluster;
  const found = await refusal(coordination.readNamespacedLease({ namespace, name: "nobody" }));
  expect(found).toMatchObject({ code: 404, reason: "NotFound", message: 'leases.coordination.k8s.io "nobody" not found' });
  expect(await cluster.raw(`/apis/apps/v1/namespaces/${namespace}/nothings`)).toMatchObject({ code: 404 });
  expect(await cluster.raw("/nothing")).toMatchObject({ code: 404 });
});

test("What cannot be sent is refused: a type that nobody speaks, a method that does not fit.", async () => {
  expect(await cluster.raw(leases(), { headers: { accept: "text/plain" } })).toMatchObject({ code: 406 });
  expect(await cluster.raw(`${leases()}/a`, { method: "POST", body: {} })).toMatchObject({ code: 405 });
  expect(await cluster.raw(`${leases()}/a`, { method: "PATCH", body: {}, type: "text/plain" })).toMatchObject({ code: 415 });
});
