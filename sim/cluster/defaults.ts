import { isDeepStrictEqual } from "node:util";
import type { KubeObject, ResourceName } from "./types.ts";

type Fields = Record<string, unknown>;

/** The object with what the API server fills in for it; the same object when nothing is missing. */
export function withDefaults(resource: ResourceName, object: KubeObject): KubeObject {
  const filled = fillers[resource]?.(object) ?? object;
  const status = firstStatus[resource];
  return status && !filled.status ? { ...filled, status } : filled;
}

const fillers: Partial<Record<ResourceName, (object: KubeObject) => KubeObject>> = {
  "apps/v1/deployments": (object) => withSpec(object, deploymentSpec(object.spec ?? {})),
  "apps/v1/replicasets": (object) =>
    withSpec(object, { replicas: 1, ...object.spec, template: podTemplate(object.spec?.["template"]) }),
  "batch/v1/jobs": (object) =>
    withSpec(object, {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      ...object.spec,
      template: podTemplate(object.spec?.["template"]),
    }),
  "v1/pods": (object) => podStatus(withSpec(object, podSpec(object.spec ?? {}))),
  "v1/namespaces": namespace,
  "scheduling.k8s.io/v1/priorityclasses": (object) => ({ preemptionPolicy: "PreemptLowerPriority", value: 0, ...object }),
  "autoscaling/v2/horizontalpodautoscalers": (object) => withSpec(object, autoscalerSpec(object.spec ?? {})),
};

const firstStatus: Partial<Record<ResourceName, Fields>> = {
  "apps/v1/deployments": {},
  "apps/v1/replicasets": { replicas: 0 },
  "batch/v1/jobs": {},
  "autoscaling/v2/horizontalpodautoscalers": { desiredReplicas: 0, currentMetrics: null },
  "policy/v1/poddisruptionbudgets": { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
};

function withSpec(object: KubeObject, spec: Fields): KubeObject {
  return isDeepStrictEqual(spec, object.spec) ? object : { ...object, spec };
}

function asFields(value: unknown): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};
}

function deploymentSpec(spec: Fields): Fields {
  return {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
    strategy: strategy(asFields(spec["strategy"])),
    template: podTemplate(spec["template"]),
  };
}

function strategy(given: Fields): Fields {
  if ((given["type"] ?? "RollingUpdate") !== "RollingUpdate") return given;
  return {
    type: "RollingUpdate",
    ...given,
    rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%", ...asFields(given["rollingUpdate"]) },
  };
}

function podTemplate(template: unknown): Fields {
  const given = asFields(template);
  return { metadata: {}, ...given, spec: podSpec(asFields(given["spec"])) };
}

const podDefaults = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  securityContext: {},
  schedulerName: "default-scheduler",
};

function podSpec(spec: Fields): Fields {
  if (podDefaultsHeld(spec)) return spec;
  const containers = Array.isArray(spec["containers"])
    ? spec["containers"].map((container) => containerWith(asFields(container)))
    : [];
  return { ...podDefaults, ...spec, containers };
}

/** Pods made from a stored template are complete already, and there are thousands of them. */
function podDefaultsHeld(spec: Fields): boolean {
  if (!Object.keys(podDefaults).every((key) => spec[key] !== undefined)) return false;
  return (
    Array.isArray(spec["containers"]) &&
    spec["containers"].every((container) => asFields(container)["imagePullPolicy"] !== undefined)
  );
}

function containerWith(container: Fields): Fields {
  const image = typeof container["image"] === "string" ? container["image"] : "";
  const moving = image.endsWith(":latest") || !/[:@][^/]*$/.test(image);
  return {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: moving ? "Always" : "IfNotPresent",
    ...container,
  };
}

function podStatus(object: KubeObject): KubeObject {
  return object.status?.["phase"] ? object : { ...object, status: { phase: "Pending", ...object.status } };
}

function namespace(object: KubeObject): KubeObject {
  const labels = { "kubernetes.io/metadata.name": object.metadata.name, ...object.metadata.labels };
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: { finalizers: ["kubernetes"], ...object.spec },
    status: { phase: "Active", ...object.status },
  };
}

const usualMetrics = [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }];

function autoscalerSpec(spec: Fields): Fields {
  const metrics = Array.isArray(spec["metrics"]) && spec["metrics"].length > 0 ? spec["metrics"] : usualMetrics;
  return { minReplicas: 1, ...spec, metrics };
}
