import { isDeepStrictEqual } from "node:util";
import { asFields } from "./call.ts";
import { toMatcher } from "./selectors.ts";
import { invalid, type StatusCause } from "./status-error.ts";
import { resourceOf } from "./resources.ts";
import type { KubeObject, ResourceName } from "./types.ts";

type Check = (object: KubeObject, old: KubeObject | undefined) => readonly StatusCause[];

/** Throws 422 with a cause for each field that the API server would not accept; the simple cases only. `old` on updates. */
export function validate(resource: ResourceName, object: KubeObject, old?: KubeObject): void {
  const causes = [...(old ? [] : checkName(resource, object)), ...(checks[resource]?.(object, old) ?? [])];
  if (causes.length > 0) throw invalid(resourceOf(resource), object.metadata.name, causes);
}

/** 422 cause: a value that is wrong. */
export function wrongValue(field: string, value: unknown, why: string): StatusCause {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value) ?? "null"}: ${why}`, field };
}

/** 422 cause: a value that is missing. */
export function missing(field: string, why = ""): StatusCause {
  return { reason: "FieldValueRequired", message: why ? `Required value: ${why}` : "Required value", field };
}

const checks: Partial<Record<ResourceName, Check>> = {
  "apps/v1/deployments": checkWorkload,
  "apps/v1/replicasets": checkWorkload,
  "batch/v1/jobs": checkJob,
  "v1/pods": checkPod,
  "v1/events": checkEvent,
  "v1/configmaps": checkConfigMap,
  "autoscaling/v2/horizontalpodautoscalers": checkAutoscaler,
  "policy/v1/poddisruptionbudgets": checkBudget,
  "coordination.k8s.io/v1/leases": checkLease,
  "scheduling.k8s.io/v1/priorityclasses": checkPriorityClass,
};

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function checkName(resource: ResourceName, { metadata: { name } }: KubeObject): StatusCause[] {
  const longest = resource === "v1/namespaces" ? 63 : 253;
  // Names of roles are path segments: colons and capitals are common there.
  const fits = resource.startsWith("rbac.") ? /^[^/%]+$/.test(name) : subdomain.test(name);
  if (!fits)
    return [
      wrongValue(
        "metadata.name",
        name,
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
      ),
    ];
  return name.length > longest ? [wrongValue("metadata.name", name, `must be no more than ${longest} bytes`)] : [];
}

function atLeast(field: string, value: unknown, least: number): StatusCause[] {
  if (value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= least)) return [];
  return [wrongValue(field, value, `must be greater than or equal to ${least}`)];
}

function checkWorkload({ spec = {} }: KubeObject, old: KubeObject | undefined): StatusCause[] {
  const template = asFields(spec["template"]);
  const labels = asFields(asFields(template["metadata"])["labels"]);
  const selector = spec["selector"];
  const fits = selector !== undefined && toMatcher(asFields(selector))(labelled(labels));
  return [
    ...atLeast("spec.replicas", spec["replicas"], 0),
    ...(selector === undefined ? [missing("spec.selector")] : []),
    ...(fits ? [] : [wrongValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")]),
    ...checkContainers("spec.template.spec.containers", asFields(template["spec"])["containers"]),
    ...(old && !isDeepStrictEqual(selector, old.spec?.["selector"])
      ? [wrongValue("spec.selector", selector, "field is immutable")]
      : []),
  ];
}

/** A Job's pods must end; its template is for ever. */
function checkJob({ spec = {} }: KubeObject, old: KubeObject | undefined): StatusCause[] {
  const template = asFields(spec["template"]);
  const pod = asFields(template["spec"]);
  const policy = pod["restartPolicy"];
  return [
    ...checkContainers("spec.template.spec.containers", pod["containers"]),
    ...(policy === "Never" || policy === "OnFailure"
      ? []
      : [missing("spec.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"')]),
    ...(old && !isDeepStrictEqual(template, old.spec?.["template"])
      ? [wrongValue("spec.template", template, "field is immutable")]
      : []),
  ];
}

function labelled(labels: Record<string, unknown>): KubeObject {
  const metadata = { name: "", uid: "", resourceVersion: "", creationTimestamp: "", labels: labels as Record<string, string> };
  return { apiVersion: "v1", kind: "Pod", metadata };
}

function checkContainers(field: string, containers: unknown): StatusCause[] {
  if (!Array.isArray(containers) || containers.length === 0) return [missing(field)];
  return containers
    .map(asFields)
    .flatMap(({ name, image }, index) => [
      ...(name ? [] : [missing(`${field}[${index}].name`)]),
      ...(image ? [] : [missing(`${field}[${index}].image`)]),
    ]);
}

const fixedPodFields =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
  "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds`";

function checkPod({ spec = {} }: KubeObject, old: KubeObject | undefined): StatusCause[] {
  const containers = checkContainers("spec.containers", spec["containers"]);
  if (!old || isDeepStrictEqual(fixedPart(spec), fixedPart(old.spec ?? {}))) return containers;
  return [...containers, { reason: "FieldValueForbidden", message: `Forbidden: ${fixedPodFields}`, field: "spec" }];
}

function fixedPart(spec: Record<string, unknown>): Record<string, unknown> {
  const { activeDeadlineSeconds: _, tolerations: __, terminationGracePeriodSeconds: ___, ...rest } = spec;
  const containers = Array.isArray(rest["containers"])
    ? rest["containers"].map((container) => ({ ...asFields(container), image: "" }))
    : [];
  return { ...rest, containers };
}

function checkEvent(object: KubeObject): StatusCause[] {
  const involved = asFields((object as unknown as Record<string, unknown>)["involvedObject"])["namespace"] ?? "";
  const { namespace } = object.metadata;
  if (involved === namespace || (involved === "" && namespace === "default")) return [];
  return [wrongValue("involvedObject.namespace", involved, "does not match event.namespace")];
}

/** Values count, keys do not. */
const configMapLimit = 1024 * 1024;

function checkConfigMap(object: KubeObject): StatusCause[] {
  const { data, binaryData } = object as unknown as Record<string, unknown>;
  const lengthOf = (from: unknown, encoding: BufferEncoding) =>
    Object.values(asFields(from)).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value), encoding), 0);
  if (lengthOf(data, "utf8") + lengthOf(binaryData, "base64") <= configMapLimit) return [];
  return [{ reason: "FieldValueTooLong", message: `Too long: may not be more than ${configMapLimit} bytes`, field: "[]" }];
}

function checkAutoscaler({ spec = {} }: KubeObject): StatusCause[] {
  const target = asFields(spec["scaleTargetRef"]);
  const { minReplicas: least = 1, maxReplicas: most } = spec;
  const missingMost = typeof most !== "number" || most < 1;
  return [
    ...atLeast("spec.minReplicas", least, 1),
    ...(missingMost ? [missing("spec.maxReplicas", "must be set and greater than 0")] : []),
    ...(!missingMost && typeof least === "number" && most < least
      ? [wrongValue("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")]
      : []),
    ...["kind", "name"].filter((key) => !target[key]).map((key) => missing(`spec.scaleTargetRef.${key}`)),
    ...(target["apiVersion"] ? [] : [wrongValue("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group")]),
  ];
}

function checkBudget({ spec = {} }: KubeObject): StatusCause[] {
  if (spec["minAvailable"] === undefined || spec["maxUnavailable"] === undefined) return [];
  return [wrongValue("spec", spec, "minAvailable and maxUnavailable cannot be both set")];
}

function checkLease({ spec = {} }: KubeObject): StatusCause[] {
  const seconds = spec["leaseDurationSeconds"];
  return typeof seconds === "number" && seconds <= 0
    ? [wrongValue("spec.leaseDurationSeconds", seconds, "must be greater than 0")]
    : [];
}

/** Value and preemption policy are for ever: another value needs another object. */
function checkPriorityClass(object: KubeObject, old: KubeObject | undefined): StatusCause[] {
  const fixed = ["value", "preemptionPolicy"] as const;
  const read = (from: KubeObject, key: string) => (from as unknown as Record<string, unknown>)[key];
  return fixed
    .filter((key) => old && !isDeepStrictEqual(read(object, key), read(old, key)))
    .map((field) => ({ reason: "FieldValueForbidden", message: "Forbidden: may not be changed in an update.", field }));
}
