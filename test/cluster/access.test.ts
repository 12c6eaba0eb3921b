import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, refusal, type TestCluster } from "./harness.ts";

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await connect();
});
afterAll(() => cluster[Symbol.asyncDispose]());

test("An agent asks what it may do.", async () => {
  const resourceAttributes = { verb: "patch", group: "apps", resource: "deployments", namespace: cluster.namespace };
  const review = await cluster.authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  expect(review.status?.allowed).toBe(true);
  expect(review.spec.resourceAttributes).toMatchObject(resourceAttributes);
});

test("A question about nothing, or about nobody, is invalid.", async () => {
  const { authorization } = cluster;
  const resourceAttributes = { verb: "get", resource: "pods" };
  expect(await refusal(authorization.createSelfSubjectAccessReview({ body: { spec: {} } }))).toMatchObject({ code: 422 });
  expect(await refusal(authorization.createSubjectAccessReview({ body: { spec: { resourceAttributes } } }))).toMatchObject({
    code: 422,
  });
});
