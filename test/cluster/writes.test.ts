import { PatchStrategy, V1MicroTime, setHeaderOptions, type V1Deployment } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aDeployment, altered, connect, refusal, type TestCluster } from "./harness.ts";

let cluster: TestCluster;
let count = 0;
const path = () => `/apis/apps/v1/namespaces/${cluster.namespace}/deployments`;
const jsonPatch = setHeaderOptions("Content-Type", PatchStrategy.JsonPatch);
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const strategicPatch = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);

beforeAll(async () => {
  cluster = await connect();
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function create(body: V1Deployment = aDeployment(`writes-${(count += 1)}`)): Promise<{ name: string; namespace: string }> {
  const { namespace } = cluster;
  const made = await cluster.apps.createNamespacedDeployment({ namespace, body });
  return { name: made.metadata?.name ?? "", namespace };
}
const read = (key: { name: string; namespace: string }) => cluster.apps.readNamespacedDeployment(key);

test("A new object gets what the API server fills in.", async () => {
  const made = await read(await create());
  expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(made.metadata?.generation).toBe(1);
  expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date);
  expect(made.spec).toMatchObject({
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    template: {
      spec: { restartPolicy: "Always", terminationGracePeriodSeconds: 30, containers: [{ imagePullPolicy: "IfNotPresent" }] },
    },
  });
});

test("A name is given once; a generated one has its prefix.", async () => {
  const { name, namespace } = await create();
  const again = await refusal(cluster.apps.createNamespacedDeployment({ namespace, body: aDeployment(name) }));
  const generated = await create(altered(aDeployment("x"), { metadata: { generateName: "made-" } }));
  expect(again).toMatchObject({ code: 409, reason: "AlreadyExists", message: `deployments.apps "${name}" already exists` });
  expect(generated.name).toMatch(/^made-[a-z0-9]{5}$/);
});

test.each<[string, V1Deployment, string]>([
  ["without a selector", aDeployment("x", { selector: undefined as never }), "spec.selector"],
  [
    "whose selector misses its template",
    aDeployment("x", { selector: { matchLabels: { app: "y" } } }),
    "spec.template.metadata.labels",
  ],
  ["with a negative count", aDeployment("x", { replicas: -1 }), "spec.replicas"],
  [
    "without containers",
    aDeployment("x", { template: { metadata: { labels: { app: "x" } }, spec: { containers: [] } } }),
    "spec.template.spec.containers",
  ],
  ["with a name that is none", altered(aDeployment("x"), { metadata: { name: "X_1" } }), "metadata.name"],
  ["with a name that is too long", altered(aDeployment("x"), { metadata: { name: "x".repeat(254) } }), "metadata.name"],
  ["without a name", altered(aDeployment("x"), { metadata: {} }), "metadata.name"],
])("A Deployment %s is invalid.", async (_, body, field) => {
  const { code, body: status } = await cluster.raw(path(), { method: "POST", body });
  expect({ code, reason: status.reason }).toEqual({ code: 422, reason: "Invalid" });
  expect(status.details.causes.map((cause: { field: string }) => cause.field)).toContain(field);
});

test("Nothing is created in a namespace that is not there, or for another one.", async () => {
  const other = aDeployment("x");
  expect(await refusal(cluster.apps.createNamespacedDeployment({ namespace: "nobody-has-this", body: other }))).toMatchObject({
    code: 404,
  });
  const body = altered(other, { metadata: { name: "x", namespace: "default" } });
  expect(await refusal(cluster.apps.createNamespacedDeployment({ namespace: cluster.namespace, body }))).toMatchObject({
    code: 400,
  });
});

test("A replacement of a version that is no longer is a conflict.", async () => {
  const key = await create();
  const body = await read(key);
  await vi.waitFor(async () => {
    const fresh = await read(key);
    await cluster.apps.replaceNamespacedDeployment({
      ...key,
      body: altered(fresh, { spec: altered(fresh.spec!, { minReadySeconds: 1 }) }),
    });
  });
  const answer = await refusal(cluster.apps.replaceNamespacedDeployment({ ...key, body }));
  expect(answer).toMatchObject({ code: 409, reason: "Conflict" });
});

test("A JSON Patch whose test fails is a 422 without causes, and changes nothing.", async () => {
  const key = await create();
  const body = [
    { op: "replace", path: "/spec/minReadySeconds", value: 9 },
    { op: "test", path: "/spec/revisionHistoryLimit", value: 3 },
  ];
  const answer = await refusal(cluster.apps.patchNamespacedDeployment({ ...key, body }, jsonPatch));
  const missing = await refusal(
    cluster.apps.patchNamespacedDeployment({ ...key, body: [{ op: "remove", path: "/spec/nothing" }] }, jsonPatch),
  );
  const wrong = await refusal(cluster.apps.patchNamespacedDeployment({ ...key, body: { op: "remove" } }, jsonPatch));
  expect(answer).toMatchObject({ code: 422, reason: "Invalid", causes: [] });
  expect(missing).toMatchObject({ code: 422 });
  expect(wrong).toMatchObject({ code: 400 });
  expect((await read(key)).spec?.minReadySeconds ?? 0).toBe(0);
});

test("A JSON Patch whose tests hold is applied, and the writer is on record.", async () => {
  const key = await create();
  const template = (await read(key)).spec!.template;
  const body = [
    { op: "test", path: "/spec/template", value: altered(template, { metadata: { labels: { app: key.name } } }) },
    { op: "replace", path: "/spec/template/spec/containers/0/image", value: "registry.example/app:2" },
  ];
  const patched = await cluster.apps.patchNamespacedDeployment({ ...key, body, fieldManager: "conformance" }, jsonPatch);
  expect(patched.spec?.template.spec?.containers[0]?.image).toBe("registry.example/app:2");
  expect(patched.metadata?.generation).toBe(2);
  expect(patched.metadata?.managedFields).toEqual(
    expect.arrayContaining([expect.objectContaining({ manager: "conformance", operation: "Update" })]),
  );
});

test("A JSON Patch takes what is not there for null.", async () => {
  const { core, namespace } = cluster;
  const name = "bare";
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
  const annotate = (note: string) => {
    const body = [
      { op: "test", path: "/metadata/annotations", value: null },
      { op: "add", path: "/metadata/annotations", value: { note } },
    ];
    return core.patchNamespacedConfigMap({ name, namespace, body }, jsonPatch);
  };
  await annotate("first");
  expect(await refusal(annotate("second"))).toMatchObject({ code: 422 });
  expect((await core.readNamespacedConfigMap({ name, namespace })).metadata?.annotations).toEqual({ note: "first" });
  const deep = [{ op: "test", path: "/metadata/labels/deep/er", value: null }];
  expect(await refusal(core.patchNamespacedConfigMap({ name, namespace, body: deep }, jsonPatch))).toMatchObject({ code: 422 });
});

test("A merge patch replaces lists and removes what is null; a strategic one merges containers by name.", async () => {
  const key = await create(
    altered(aDeployment("merged"), { metadata: { name: "merged", annotations: { kept: "yes", dropped: "yes" } } }),
  );
  const merged = await cluster.apps.patchNamespacedDeployment(
    { ...key, body: { metadata: { annotations: { dropped: null, added: "yes" } } } },
    mergePatch,
  );
  expect(merged.metadata?.annotations).toMatchObject({ kept: "yes", added: "yes" });
  expect(merged.metadata?.annotations).not.toHaveProperty("dropped");

  const image = {
    spec: {
      template: {
        metadata: { annotations: { note: "x" } },
        spec: { containers: [{ name: "app", image: "registry.example/app:3" }] },
      },
    },
  };
  const strategic = await cluster.apps.patchNamespacedDeployment({ ...key, body: image }, strategicPatch);
  expect(strategic.spec?.template.spec?.containers).toMatchObject([
    { name: "app", image: "registry.example/app:3", resources: { requests: { cpu: "20m" } } },
  ]);

  const sidecar = { spec: { template: { spec: { containers: [{ name: "side", image: "registry.example/side:1" }] } } } };
  const two = await cluster.apps.patchNamespacedDeployment({ ...key, body: sidecar }, strategicPatch);
  expect(two.spec?.template.spec?.containers.map(({ name }) => name).sort()).toEqual(["app", "side"]);
  const gone = { spec: { template: { spec: { containers: [{ name: "side", $patch: "delete" }] } } } };
  const one = await cluster.apps.patchNamespacedDeployment({ ...key, body: gone }, strategicPatch);
  expect(one.spec?.template.spec?.containers.map(({ name }) => name)).toEqual(["app"]);
});

test("A patch may say which version it means, and may change neither name, uid nor selector.", async () => {
  const key = await create();
  const patch = (body: object) => refusal(cluster.apps.patchNamespacedDeployment({ ...key, body }, mergePatch));
  expect(await patch({ metadata: { resourceVersion: "1" }, spec: { paused: true } })).toMatchObject({
    code: 409,
    reason: "Conflict",
  });
  expect(await patch({ metadata: { name: "other" } })).toMatchObject({ code: 400 });
  expect(await patch({ metadata: { uid: "other" } })).toMatchObject({ code: 422 });
  expect(await patch({ spec: { selector: { matchLabels: { app: "other" } } } })).toMatchObject({ code: 422 });
});

test("A dry run shows what would be, and leaves no trace.", async () => {
  const key = await create();
  const before = await cluster.raw(`${path()}?fieldSelector=metadata.name%3D${key.name}`);
  const dryRun = "All";
  const made = await cluster.apps.createNamespacedDeployment({ namespace: key.namespace, body: aDeployment("never"), dryRun });
  const patched = await cluster.apps.patchNamespacedDeployment(
    { ...key, body: { spec: { minReadySeconds: 7 } }, dryRun },
    mergePatch,
  );
  const scaled = await cluster.apps.patchNamespacedDeploymentScale(
    { ...key, body: { spec: { replicas: 7 } }, dryRun },
    mergePatch,
  );
  await cluster.apps.deleteNamespacedDeployment({ ...key, dryRun });

  expect(made.metadata?.uid).toBeTruthy();
  expect(made.metadata?.resourceVersion).toBeUndefined();
  expect(patched.spec?.minReadySeconds).toBe(7);
  expect(patched.metadata?.generation).toBe(2);
  expect(scaled.spec?.replicas).toBe(7);
  expect(await refusal(read({ ...key, name: "never" }))).toMatchObject({ code: 404 });
  const after = await cluster.raw(`${path()}?fieldSelector=metadata.name%3D${key.name}`);
  expect(after.body.items[0].spec).toEqual(before.body.items[0].spec);
  expect(after.body.items[0].metadata.generation).toBe(1);

  const invalid = await refusal(
    cluster.apps.patchNamespacedDeployment({ ...key, body: { spec: { replicas: -1 } }, dryRun }, mergePatch),
  );
  expect(invalid).toMatchObject({ code: 422 });
  expect(await cluster.raw(`${path()}/${key.name}?dryRun=Some`, { method: "DELETE" })).toMatchObject({ code: 422 });
});

test("A write that changes nothing is no new version.", async () => {
  const key = await create();
  const patch = { ...key, body: { metadata: { labels: { same: "yes" } } } };
  const first = await cluster.apps.patchNamespacedDeployment(patch, mergePatch);
  await vi.waitFor(async () => {
    const one = await cluster.apps.patchNamespacedDeployment(patch, mergePatch);
    const two = await cluster.apps.patchNamespacedDeployment(patch, mergePatch);
    expect(two.metadata?.resourceVersion).toBe(one.metadata?.resourceVersion);
  });
  expect(first.metadata?.generation).toBe(1);
});

test("The scale subresource reads and sets the count, and refuses a stale or a negative one.", async () => {
  const key = await create();
  const zero = await cluster.raw(`${path()}/${key.name}/scale`);
  const put = await cluster.apps.replaceNamespacedDeploymentScale({ ...key, body: { metadata: key, spec: { replicas: 2 } } });
  const body = { metadata: { ...key, resourceVersion: "1" }, spec: { replicas: 1 } };
  const stale = await refusal(cluster.apps.replaceNamespacedDeploymentScale({ ...key, body }));
  const negative = await refusal(
    cluster.apps.patchNamespacedDeploymentScale({ ...key, body: { spec: { replicas: -1 } } }, mergePatch),
  );
  await cluster.apps.patchNamespacedDeploymentScale({ ...key, body: { spec: { replicas: 0 } } }, mergePatch);

  expect(zero.body).toMatchObject({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    spec: {},
    status: { selector: `app=${key.name}` },
  });
  expect(put).toMatchObject({ metadata: { name: key.name }, spec: { replicas: 2 } });
  expect(stale).toMatchObject({ code: 409, reason: "Conflict" });
  expect(negative).toMatchObject({ code: 422 });
  expect((await read(key)).spec?.replicas).toBe(0);
});

test("Status and the rest are written apart.", async () => {
  const key = await create();
  const ignored = await cluster.apps.patchNamespacedDeployment({ ...key, body: { status: { replicas: 77 } } }, mergePatch);
  const body = { spec: { minReadySeconds: 9 }, status: { conditions: [{ type: "Tested", status: "True" }] } };
  const written = await cluster.apps.patchNamespacedDeploymentStatus({ ...key, body }, strategicPatch);
  expect(ignored.status?.replicas ?? 0).toBe(0);
  expect(written.status?.conditions).toEqual(expect.arrayContaining([expect.objectContaining({ type: "Tested" })]));
  expect(written.spec?.minReadySeconds ?? 0).toBe(0);
});

test("A deletion may be bound to a uid, and takes its object away.", async () => {
  const key = await create();
  const uid = (await read(key)).metadata?.uid;
  const other = await refusal(cluster.apps.deleteNamespacedDeployment({ ...key, body: { preconditions: { uid: "other" } } }));
  const odd = await refusal(cluster.apps.deleteNamespacedDeployment({ ...key, body: { propagationPolicy: "Perhaps" } }));
  const done = await cluster.apps.deleteNamespacedDeployment({ ...key, body: { preconditions: { uid } } });
  expect(other).toMatchObject({ code: 409, reason: "Conflict" });
  expect(odd).toMatchObject({ code: 422 });
  expect(done).toMatchObject({ status: "Success", details: { name: key.name, kind: "deployments", uid } });
  expect(await refusal(read(key))).toMatchObject({ code: 404 });
});

test("A collection is deleted as far as a selector goes.", async () => {
  const { namespace, coordination } = cluster;
  for (const name of ["one", "two", "three"]) {
    const labels = { go: name === "two" ? "no" : "yes" };
    await coordination.createNamespacedLease({ namespace, body: { metadata: { name, labels }, spec: {} } });
  }
  await coordination.deleteCollectionNamespacedLease({ namespace, labelSelector: "go=yes" });
  const left = await coordination.listNamespacedLease({ namespace });
  expect(left.items.map(({ metadata }) => metadata?.name)).toEqual(["two"]);
});

test("A Lease keeps microseconds, and is replaced only by who knows its version.", async () => {
  const { namespace, coordination } = cluster;
  const renewTime = new V1MicroTime("2026-11-02T01:02:03.456Z");
  const spec = { holderIdentity: "me", leaseDurationSeconds: 15, renewTime };
  await coordination.createNamespacedLease({ namespace, body: { metadata: { name: "leader" }, spec } });
  const lease = await coordination.readNamespacedLease({ namespace, name: "leader" });
  const raw = await cluster.raw(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/leader`);
  const mine = altered(lease, { spec: altered(lease.spec!, { holderIdentity: "you" }) });
  await coordination.replaceNamespacedLease({ namespace, name: "leader", body: mine });
  const late = await refusal(coordination.replaceNamespacedLease({ namespace, name: "leader", body: mine }));
  const blind = altered(mine, { metadata: { name: "leader" } });

  expect(raw.body.spec.renewTime).toBe("2026-11-02T01:02:03.456000Z");
  // client-node promises a date here and gives the text.
  expect(String(lease.spec?.renewTime)).toBe("2026-11-02T01:02:03.456000Z");
  expect(late).toMatchObject({ code: 409, reason: "Conflict" });
  expect(await refusal(coordination.replaceNamespacedLease({ namespace, name: "leader", body: blind }))).toMatchObject({
    code: 422,
  });
});

test.each([
  [
    "bounds that cross",
    { minReplicas: 5, maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" } },
    "spec.maxReplicas",
  ],
  [
    "no ceiling",
    { minReplicas: 1, maxReplicas: 0, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" } },
    "spec.maxReplicas",
  ],
  ["no target", { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "", name: "" } }, "spec.scaleTargetRef.kind"],
])("An autoscaler with %s is invalid.", async (_, spec, field) => {
  const { namespace, autoscaling } = cluster;
  const answer = await refusal(
    autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body: { metadata: { name: "h" }, spec } }),
  );
  expect(answer).toMatchObject({ code: 422, reason: "Invalid" });
  expect(answer.causes.map((cause) => cause.field)).toContain(field);
});

test("A namespace that is deleted takes its contents along, and takes in nothing new.", async () => {
  const { core, coordination, namespace } = cluster;
  const name = `${namespace}-b`;
  await core.createNamespace({ body: { metadata: { name } } });
  await coordination.createNamespacedLease({ namespace: name, body: { metadata: { name: "left" }, spec: {} } });
  const going = await core.deleteNamespace({ name });
  const late = await refusal(
    coordination.createNamespacedLease({ namespace: name, body: { metadata: { name: "late" }, spec: {} } }),
  );
  expect(going).toMatchObject({ status: { phase: "Terminating" } });
  expect([403, 404]).toContain(late.code);
  await vi.waitFor(async () => expect(await refusal(core.readNamespace({ name }))).toMatchObject({ code: 404 }), {
    timeout: 60_000,
    interval: 200,
  });
  expect((await coordination.listNamespacedLease({ namespace: name })).items).toEqual([]);
});
