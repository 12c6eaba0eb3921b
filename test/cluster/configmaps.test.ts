import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, refusal, type TestCluster } from "./harness.ts";

let cluster: TestCluster;
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

beforeAll(async () => {
  cluster = await connect();
});
afterAll(() => cluster[Symbol.asyncDispose]());

test("A ConfigMap's patch that names a resourceVersion is refused once it moved.", async () => {
  const { core, namespace } = cluster;
  const made = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "head" }, data: { head: "1" } } });
  const resourceVersion = made.metadata?.resourceVersion;
  const patch = (head: string) =>
    core.patchNamespacedConfigMap(
      { namespace, name: "head", body: { metadata: { resourceVersion }, data: { head } } },
      mergePatch,
    );
  await patch("2");
  expect(await refusal(patch("3"))).toMatchObject({ code: 409, reason: "Conflict" });
  expect((await core.readNamespacedConfigMap({ namespace, name: "head" })).data).toEqual({ head: "2" });
});

test("A ConfigMap's values may have 1 MiB together, and not a byte more.", async () => {
  const { core, namespace } = cluster;
  const make = (name: string, size: number) =>
    core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name }, data: { half: "a".repeat(524_288), rest: "a".repeat(size) } },
    });
  await make("full", 524_288);
  expect(await refusal(make("over", 524_289))).toMatchObject({
    code: 422,
    reason: "Invalid",
    message: 'ConfigMap "over" is invalid: []: Too long: may not be more than 1048576 bytes',
  });
});
