import { expect, test } from "vitest";
import { toDeploymentState, toWorkloadState } from "#watchers/kubernetes/deployment-state.ts";
import { aDeployment } from "./objects.ts";

const state = (over: Parameters<typeof aDeployment>[0] = {}) => toDeploymentState("prod", aDeployment(over));

test("maps a Deployment in the middle of a rollout", () => {
  const reading = toWorkloadState(state(), { at: 5, templateHash: "hash3" });

  expect(reading).toEqual({
    workload: { cluster: "prod", namespace: "shop", kind: "Deployment", name: "web" },
    uid: "uid-web",
    at: 5,
    desired: 30,
    total: 38,
    ready: 23,
    updated: 15,
    revision: 3,
    templateHash: "hash3",
    images: [{ container: "app", image: "registry.example/web:main-abcdef1" }],
    strategy: { maxSurge: 8, maxUnavailable: 7 },
    paused: false,
    observed: true,
    annotations: {},
  });
});

test("reads a Deployment that has no status yet", () => {
  const { replicas: _replicas, strategy: _strategy, ...spec } = aDeployment().spec;

  const bare = toDeploymentState("prod", {
    metadata: { ...aDeployment().metadata, annotations: undefined, managedFields: undefined },
    spec,
  });

  expect(bare).toMatchObject({
    desired: 1,
    total: 0,
    ready: 0,
    updated: 0,
    revision: undefined,
    observed: false,
    scaledBy: undefined,
  });
  expect(bare.strategy).toEqual({ maxSurge: 1, maxUnavailable: 0 });
});

test("is not observed while the controller has not seen the last edit", () => {
  expect(state({ status: { observedGeneration: 3 } }).observed).toBe(false);
});

test.each([
  ["absolute numbers", { rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } }, { maxSurge: 2, maxUnavailable: 0 }],
  ["nothing, as the API server fills it in", {}, { maxSurge: 8, maxUnavailable: 7 }],
  ["both rounding to nothing", { rollingUpdate: { maxSurge: 0, maxUnavailable: "1%" } }, { maxSurge: 0, maxUnavailable: 1 }],
  ["Recreate", { type: "Recreate" }, { maxSurge: 0, maxUnavailable: 30 }],
])("resolves a strategy of %s", (_, strategy, expected) => {
  expect(state({ spec: { strategy } }).strategy).toEqual(expected);
});

test("keeps our annotations only, and cuts them", () => {
  const annotations = {
    "k8s-why.dev/repository": "acme/shop",
    "k8s-why.dev/paths": "x".repeat(5_000),
    "kubectl.kubernetes.io/last-applied-configuration": "{}",
  };

  const kept = state({ metadata: { annotations } }).annotations;

  expect(Object.keys(kept)).toEqual(["k8s-why.dev/repository", "k8s-why.dev/paths"]);
  expect(kept["k8s-why.dev/paths"]).toHaveLength(1_000);
});

test("knows that the autoscaler scaled it last", () => {
  expect(state().scaledBy).toEqual({ tool: "controller-manager", at: undefined, subresource: "scale" });
});
