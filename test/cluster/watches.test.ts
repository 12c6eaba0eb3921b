import { ListWatch, Watch, type V1Lease } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect, type TestCluster, type WatchLine } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
let count = 0;
const leases = () => `/apis/coordination.k8s.io/v1/namespaces/${cluster.namespace}/leases`;
const says = (lines: readonly WatchLine[]) => lines.map(({ type, object }) => `${type} ${object.metadata.name ?? ""}`);

beforeAll(async () => {
  cluster = await connect();
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function aLease(labels: Record<string, string> = {}): Promise<string> {
  const name = `lease-${(count += 1)}`;
  await cluster.coordination.createNamespacedLease({
    namespace: cluster.namespace,
    body: { metadata: { name, labels }, spec: {} },
  });
  return name;
}

async function patch(name: string, body: unknown): Promise<string> {
  const { body: patched } = await cluster.raw(`${leases()}/${name}`, {
    method: "PATCH",
    body,
    type: "application/merge-patch+json",
  });
  return patched.metadata.resourceVersion;
}

const remove = (name: string) => cluster.coordination.deleteNamespacedLease({ namespace: cluster.namespace, name });
const versionNow = async () => (await cluster.raw(leases())).body.metadata.resourceVersion as string;

test("A watch goes on after a list, without gap or repetition.", async () => {
  const before = await aLease();
  const resourceVersion = await versionNow();
  const missed = await aLease();
  await using watch = await cluster.stream(leases(), { resourceVersion });
  await patch(missed, { spec: { holderIdentity: "me" } });
  await remove(missed);
  const last = await aLease();

  await vi.waitFor(() => expect(says(watch.lines).at(-1)).toBe(`ADDED ${last}`), patient);
  expect(says(watch.lines)).toEqual([`ADDED ${missed}`, `MODIFIED ${missed}`, `DELETED ${missed}`, `ADDED ${last}`]);
  expect(says(watch.lines)).not.toContain(`ADDED ${before}`);
  const versions = watch.lines.map(({ object }) => Number(object.metadata.resourceVersion));
  expect(versions).toEqual([...versions].sort((one, other) => one - other));
});

test("A watch resumes from any event it has seen.", async () => {
  const name = await aLease();
  const first = await patch(name, { spec: { leaseTransitions: 1 } });
  await patch(name, { spec: { leaseTransitions: 2 } });
  const last = await patch(name, { spec: { leaseTransitions: 3 } });

  await using watch = await cluster.stream(leases(), { resourceVersion: first, fieldSelector: `metadata.name=${name}` });

  await vi.waitFor(() => expect(watch.lines).toHaveLength(2), patient);
  expect(watch.lines.at(-1)?.object.metadata.resourceVersion).toBe(last);
});

test("A watch without resourceVersion first says all there is.", async () => {
  const name = await aLease({ only: "this" });
  await using watch = await cluster.stream(leases(), { labelSelector: "only=this" });
  await vi.waitFor(() => expect(says(watch.lines)).toEqual([`ADDED ${name}`]), patient);
});

test("An object that begins or ends to match a selector is added or deleted.", async () => {
  const name = await aLease({ wanted: "no" });
  const resourceVersion = await versionNow();
  await using watch = await cluster.stream(leases(), { resourceVersion, labelSelector: "wanted=yes" });
  await patch(name, { metadata: { labels: { wanted: "yes" } } });
  await patch(name, { spec: { holderIdentity: "me" } });
  const left = await patch(name, { metadata: { labels: { wanted: "no" } } });
  await patch(name, { spec: { holderIdentity: "you" } });
  const end = await aLease({ wanted: "yes" });

  await vi.waitFor(() => expect(says(watch.lines)).toContain(`ADDED ${end}`), patient);
  expect(says(watch.lines)).toEqual([`ADDED ${name}`, `MODIFIED ${name}`, `DELETED ${name}`, `ADDED ${end}`]);
  expect(watch.lines[2]?.object.metadata.resourceVersion).toBe(left);
});

test("A watch ends in time, with a bookmark shortly before for whoever wants it.", async () => {
  const resourceVersion = await versionNow();
  const only = "metadata.name=nobody";
  await using watch = await cluster.stream(leases(), {
    resourceVersion,
    timeoutSeconds: "4",
    allowWatchBookmarks: "true",
    fieldSelector: only,
  });
  await using silent = await cluster.stream(leases(), { resourceVersion, timeoutSeconds: "1", fieldSelector: only });
  // The real server sends no bookmark while nothing of the kind has moved.
  await aLease({ unseen: "yes" });
  await silent.ended;
  await watch.ended;

  expect(silent.lines).toEqual([]);
  expect(watch.lines.length).toBeGreaterThan(0);
  for (const { type, object } of watch.lines) {
    expect(type).toBe("BOOKMARK");
    expect(object).toMatchObject({ kind: "Lease", apiVersion: "coordination.k8s.io/v1" });
    expect(Number(object.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(resourceVersion));
  }
});

test("A streaming list ends with a bookmark that says so, and must name its match.", async () => {
  const name = await aLease({ streamed: "yes" });
  const query = { sendInitialEvents: "true", allowWatchBookmarks: "true", labelSelector: "streamed=yes" };
  await using watch = await cluster.stream(leases(), { ...query, resourceVersionMatch: "NotOlderThan" });
  await vi.waitFor(() => expect(says(watch.lines)).toEqual([`ADDED ${name}`, "BOOKMARK "]), patient);
  expect(watch.lines[1]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });

  await using refused = await cluster.stream(leases(), query);
  expect(refused.code).toBe(422);
});

test("A version that is long gone is an ERROR event with 410, and the watch ends.", async () => {
  await aLease();
  await using watch = await cluster.stream(leases(), { resourceVersion: "1" });
  await watch.ended;
  expect(watch.code).toBe(200);
  expect(watch.lines).toMatchObject([{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } }]);
});

test("client-node's own Watch and ListWatch follow it.", async () => {
  const { namespace, coordination, config } = cluster;
  const name = await aLease({ informed: "yes" });
  const list = () => coordination.listNamespacedLease({ namespace, labelSelector: "informed=yes" });
  const informer = new ListWatch<V1Lease>(leases(), new Watch(config), list, false, "informed=yes");
  await informer.start();

  const second = await aLease({ informed: "yes" });
  await vi.waitFor(() => expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual([name, second]), patient);
  await remove(name);
  await vi.waitFor(() => expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual([second]), patient);
  await informer.stop();
});
