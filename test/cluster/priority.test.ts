import type { V1Deployment } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aDeployment, altered, connect, type TestCluster } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
let name = "";
const path = "/apis/scheduling.k8s.io/v1/priorityclasses";
// Below 0: on a cluster that others use too, nothing of theirs gives way.
const value = -7;

beforeAll(async () => {
  cluster = await connect();
  name = `class-${cluster.namespace}`;
  const body = {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    description: "For a test.",
  };
  const { code } = await cluster.raw(path, { method: "POST", body });
  if (code !== 201) throw new Error(`Cannot create the class: the API answered ${code}`);
});
afterAll(async () => {
  await cluster.raw(`${path}/${name}`, { method: "DELETE" });
  await cluster[Symbol.asyncDispose]();
});

function aPodOf(app: string, priorityClassName: string): V1Deployment {
  const { template } = aDeployment(app).spec!;
  return aDeployment(app, { replicas: 1, template: altered(template, { spec: altered(template.spec!, { priorityClassName }) }) });
}

test("A class is listed, with what the API server fills in.", async () => {
  const { body } = await cluster.raw(path);

  const found = body.items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === name);
  expect(found).toMatchObject({ value, preemptionPolicy: "PreemptLowerPriority", description: "For a test." });
});

test("A pod gets the priority of its class, and 0 without one.", async () => {
  const { apps, core, namespace } = cluster;
  await apps.createNamespacedDeployment({ namespace, body: aPodOf("ranked", name) });
  await apps.createNamespacedDeployment({ namespace, body: aDeployment("plain", { replicas: 1 }) });

  await vi.waitFor(async () => {
    const { items } = await core.listNamespacedPod({ namespace });
    const of = (app: string) => items.find(({ metadata }) => metadata?.labels?.["app"] === app)?.spec;
    expect(of("ranked")).toMatchObject({ priorityClassName: name, priority: value, preemptionPolicy: "PreemptLowerPriority" });
    expect(of("plain")).toMatchObject({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
  }, patient);
});

test("A ReplicaSet whose class is not there says so, and makes no pod.", async () => {
  const { apps, core, namespace } = cluster;
  await apps.createNamespacedDeployment({ namespace, body: aPodOf("stray", "nowhere-to-be-found") });

  await vi.waitFor(async () => {
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: "reason=FailedCreate,type=Warning" });
    expect(items.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringMatching(/is forbidden: no PriorityClass with name nowhere-to-be-found was found$/)]),
    );
  }, patient);
});

test("A class keeps its value.", async () => {
  const answer = await cluster.raw(`${path}/${name}`, {
    method: "PATCH",
    type: "application/merge-patch+json",
    body: { value: 3 },
  });

  expect(answer.code).toBe(422);
  expect(answer.body.message).toContain("may not be changed in an update");
});
