import { BatchV1Api, type V1Job } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect, refusal, type TestCluster } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
let batch: BatchV1Api;

beforeAll(async () => {
  cluster = await connect();
  batch = cluster.config.makeApiClient(BatchV1Api);
});
afterAll(() => cluster[Symbol.asyncDispose]());

function aJob(name: string, over: object = {}, pod: object = {}): V1Job {
  const containers = [{ name: "down", image: "registry.example/down:1" }];
  return {
    metadata: { name },
    spec: { backoffLimit: 0, ...over, template: { spec: { restartPolicy: "Never", containers, ...pod } } },
  };
}

const create = (body: V1Job) => batch.createNamespacedJob({ namespace: cluster.namespace, body });

async function ended(name: string): Promise<V1Job> {
  return vi.waitFor(async () => {
    const job = await batch.readNamespacedJob({ name, namespace: cluster.namespace });
    expect(job.status?.conditions?.map(({ type }) => type)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(Complete|Failed)$/)]),
    );
    return job;
  }, patient);
}

test("A Job runs a pod to its end, and says that it is complete.", async () => {
  await create(aJob("runs"));
  const { status } = await ended("runs");
  expect(status).toMatchObject({ succeeded: 1 });
  expect(status?.conditions?.find(({ type }) => type === "Complete")).toMatchObject({
    status: "True",
    reason: "CompletionsReached",
  });
  const { items } = await cluster.core.listNamespacedPod({ namespace: cluster.namespace, labelSelector: "job-name=runs" });
  expect(items.map((pod) => [pod.status?.phase, pod.metadata?.ownerReferences?.[0]?.kind])).toEqual([["Succeeded", "Job"]]);
});

test("A Job that takes longer than its deadline fails.", async () => {
  await create(aJob("late", { activeDeadlineSeconds: 2 }, { nodeSelector: { nowhere: "true" } }));
  const { status } = await ended("late");
  expect(status?.conditions?.find(({ type }) => type === "Failed")).toMatchObject({
    status: "True",
    reason: "DeadlineExceeded",
    message: "Job was active longer than specified deadline",
  });
});

test("A Job's pods have to end: a restart policy of Always is refused.", async () => {
  const { code, message } = await refusal(create(aJob("always", {}, { restartPolicy: "Always" })));
  expect(code).toBe(422);
  expect(message).toContain('spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"');
});

test("A name is taken once.", async () => {
  await create(aJob("twice"));
  expect((await refusal(create(aJob("twice")))).code).toBe(409);
});
