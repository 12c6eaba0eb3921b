import { expect } from "vitest";
import type { StepOrder } from "#domain/order.ts";
import type { ResourceName } from "#sim/cluster/types.ts";
import type { FaultField } from "#test/actions/fault-field.ts";
import { type Live, aDeployment, anAutoscaler } from "#test/actions/harness.ts";
import { patient } from "#test/real-cluster.ts";

/** How one act is made ready, and what its target looks like afterwards. */
export interface FaultCase {
  readonly act: StepOrder["kind"];
  readonly target: readonly [resource: ResourceName, kind: string, plural: string];
  readonly order?: () => Partial<StepOrder>;
  /** Makes the objects; the target is called `web` (a node: after the namespace). */
  readonly prepare: (field: FaultField) => Promise<void> | void;
  /** The value that the act writes. */
  readonly written: (target: Live) => unknown;
  readonly after: unknown;
  /** Somebody else changes what the act replaces or relies on. */
  readonly edit: object;
  /** Puts back what stood there before the act. */
  readonly undo: object;
}

const hpa = ["autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscaler", "horizontalpodautoscalers"] as const;
const deployment = ["apps/v1/deployments", "Deployment", "deployments"] as const;
const maxReplicas = (value: number) => ({ spec: { maxReplicas: value } });
const image = (value: string) => ({ spec: { template: { spec: { containers: [{ name: "app", image: value }] } } } });
const imageOf = (target: Live) => target.spec.template.spec.containers[0].image;
const restartedAt = (target: Live) => target.spec.template.metadata.annotations?.["kubectl.kubernetes.io/restartedAt"];
const restarted = (value: string | null) => ({
  spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": value } } } },
});

const makeDeployment = ({ make }: FaultField, over: object = {}) => {
  const { metadata, spec } = aDeployment(over);
  // With an annotation: the controller's first would come between a look and a write now and then.
  const annotations = { "example.com/team": "shop" };
  make(deployment[0], "Deployment", { spec, metadata: { ...metadata, annotations } });
};
const makeAutoscaler = (field: FaultField, annotations?: object) => {
  makeDeployment(field);
  field.make(hpa[0], hpa[1], anAutoscaler({}, { annotations }));
};

async function untilRevision(field: FaultField, revision: string): Promise<void> {
  const look = () => {
    const { metadata, status } = field.get(deployment[0], "web");
    return [metadata.annotations?.["deployment.kubernetes.io/revision"], status?.updatedReplicas, status?.readyReplicas];
  };
  await expect.poll(look, { ...patient, interval: 20 }).toEqual([revision, 4, 4]);
}

/** Somebody else merges this into the target of an act. */
export function change({ cluster, namespace }: FaultField, [resource, kind]: FaultCase["target"], body: object): void {
  const apiVersion = resource.slice(0, resource.lastIndexOf("/"));
  cluster.apply({ apiVersion, kind, ...body, metadata: { name: "web", namespace } });
}

/** Every act on a workload or its autoscaler. */
export const cases: readonly FaultCase[] = [
  {
    act: "cap",
    target: hpa,
    prepare: (field) => makeAutoscaler(field),
    written: ({ spec }) => spec.maxReplicas,
    after: 4,
    edit: maxReplicas(333),
    undo: maxReplicas(400),
  },
  {
    act: "lower",
    target: hpa,
    order: () => ({ capFloor: 20 }),
    prepare: (field) => makeAutoscaler(field),
    written: ({ spec }) => spec.maxReplicas,
    after: 20,
    edit: maxReplicas(333),
    undo: maxReplicas(400),
  },
  {
    act: "restore",
    target: hpa,
    prepare: (field) => makeAutoscaler(field, { "k8s-why.dev/capped-from": "900", "k8s-why.dev/capped-to": "400" }),
    written: ({ spec }) => spec.maxReplicas,
    after: 900,
    edit: maxReplicas(333),
    undo: maxReplicas(400),
  },
  {
    act: "rollback",
    target: deployment,
    order: () => ({ revision: 1 }),
    prepare: async (field) => {
      makeDeployment(field);
      await untilRevision(field, "1");
      change(field, deployment, image("registry.example/web:bad"));
      await untilRevision(field, "2");
    },
    written: imageOf,
    after: "registry.example/web:1",
    edit: image("registry.example/web:hotfix"),
    undo: image("registry.example/web:bad"),
  },
  {
    act: "scale",
    target: deployment,
    order: () => ({ replicas: 9 }),
    prepare: (field) => makeDeployment(field),
    written: ({ spec }) => spec.replicas,
    after: 9,
    edit: { spec: { replicas: 5 } },
    undo: { spec: { replicas: 4 } },
  },
  {
    act: "pause",
    target: deployment,
    prepare: (field) => makeDeployment(field),
    written: ({ spec }) => spec.paused ?? false,
    after: true,
    edit: image("registry.example/web:hotfix"),
    undo: { spec: { paused: null } },
  },
  {
    act: "resume",
    target: deployment,
    prepare: (field) => makeDeployment(field, { paused: true }),
    written: ({ spec }) => spec.paused ?? false,
    after: false,
    edit: image("registry.example/web:hotfix"),
    undo: { spec: { paused: true } },
  },
  {
    act: "restart",
    target: deployment,
    prepare: (field) => makeDeployment(field),
    written: (target) => restartedAt(target) !== undefined,
    after: true,
    edit: image("registry.example/web:hotfix"),
    undo: restarted(null),
  },
];
