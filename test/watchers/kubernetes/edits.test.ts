import { expect, test } from "vitest";
import { findScalerState } from "#watchers/kubernetes/autoscaler-state.ts";
import { toDeploymentState } from "#watchers/kubernetes/deployment-state.ts";
import { findAutoscalerEdit, findScaling } from "#watchers/kubernetes/edits.ts";
import type { KubeManagedFields } from "#clients/kubernetes/objects.ts";
import { aDeployment, anHpa, managedFields } from "./objects.ts";

const now = Date.parse("2026-11-02T10:00:00Z");
const replicas = { "f:spec": { "f:replicas": {} } };
const bounds = { "f:spec": { "f:maxReplicas": {}, "f:minReplicas": {} } };

const scaled = (count: number, by: KubeManagedFields | undefined) =>
  toDeploymentState(
    "prod",
    aDeployment({
      metadata: { generation: count, managedFields: by ? [...managedFields.slice(1), by] : [] },
      spec: { replicas: count },
    }),
  );

test("tells a scaling by kubectl, whose write carries no time", () => {
  const scaling = findScaling(
    scaled(30, managedFields[0]),
    scaled(50, { manager: "kubectl", subresource: "scale", fieldsV1: replicas }),
    true,
    now,
  );

  expect(scaling).toEqual({
    kind: "scaling",
    id: "scaling/prod/shop/web/uid-web/50",
    at: now,
    workload: "prod/shop/web",
    from: 30,
    to: 50,
    tool: "kubectl",
  });
});

test("dates a scaling by an apply as the API server did", () => {
  const apply = { manager: "argocd-controller", time: "2026-11-02T09:58:00Z", fieldsV1: replicas };

  expect(findScaling(scaled(30, undefined), scaled(50, apply), true, now)?.at).toBe(Date.parse(apply.time));
});

test.each([
  ["the autoscaler", managedFields[0], false],
  ["the autoscaler of a usual cluster", { manager: "kube-controller-manager", subresource: "scale", fieldsV1: replicas }, false],
  ["us", { manager: "k8s-why", fieldsV1: replicas }, false],
  ["nobody known, where there is an autoscaler", undefined, true],
])("tells no scaling by %s", (_, by, hasScaler) => {
  expect(findScaling(scaled(30, undefined), scaled(50, by), hasScaler, now)).toBeUndefined();
});

test("tells no scaling where the count stays", () => {
  expect(findScaling(scaled(30, undefined), scaled(30, { manager: "kubectl", fieldsV1: replicas }), false, now)).toBeUndefined();
});

test("maps an autoscaler at its ceiling, with the ceiling that we took away", () => {
  expect(findScalerState(anHpa({ metadata: { annotations: { "k8s-why.dev/capped-from": "4000" } } }))).toEqual({
    namespace: "shop",
    target: "web",
    editedBy: undefined,
    autoscaler: {
      name: "web-hpa",
      uid: "uid-web-hpa",
      min: 5,
      max: 40,
      desired: 40,
      cpuPercent: 187,
      targetCpuPercent: 60,
      atCeiling: true,
      wanted: 125,
      cappedFrom: 4000,
    },
  });
});

test("maps an autoscaler that has no metric yet, as the API server shows it", () => {
  const status = { desiredReplicas: 0, currentMetrics: [{ type: "" }], conditions: [{ type: "ScalingActive", status: "False" }] };

  expect(findScalerState(anHpa({ status }))?.autoscaler).toMatchObject({
    desired: undefined,
    cpuPercent: undefined,
    atCeiling: false,
  });
});

test("leaves out autoscalers of other kinds", () => {
  expect(findScalerState(anHpa({ spec: { scaleTargetRef: { kind: "ReplicationController", name: "db" } } }))).toBeUndefined();
});

test("tells an edit of an autoscaler's bounds, by whom and when, and nothing else", () => {
  const edited = { manager: "kubectl-edit", time: "2026-11-02T09:59:30Z", fieldsV1: bounds };
  const before = findScalerState(anHpa())!;
  const after = findScalerState(anHpa({ metadata: { managedFields: [edited] }, spec: { maxReplicas: 4000 } }))!;

  expect(findAutoscalerEdit("prod", before, after, now)).toEqual({
    kind: "autoscaler-edit",
    id: `autoscaler-edit/prod/shop/web/uid-web-hpa/5-40/5-4000/${Date.parse(edited.time)}`,
    at: Date.parse(edited.time),
    workload: "prod/shop/web",
    from: { min: 5, max: 40 },
    to: { min: 5, max: 4000 },
    tool: "kubectl-edit",
  });
  expect(
    findAutoscalerEdit(
      "prod",
      after,
      findScalerState(anHpa({ spec: { maxReplicas: 4000 }, status: { desiredReplicas: 7 } }))!,
      now,
    ),
  ).toBeUndefined();
});
