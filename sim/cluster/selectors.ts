import { badRequest } from "./status-error.ts";
import type { KubeObject, ResourceName } from "./types.ts";

/** Whether an object is meant. */
export type Matcher = (object: KubeObject) => boolean;
type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

/** The selector of a Deployment, a ReplicaSet or a budget. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** A query's `labelSelector`. Throws 400. */
export function parseLabelSelector(text: string): Matcher {
  const tests = splitOutsideBrackets(text).map(parseRequirement);
  return ({ metadata: { labels = {} } }) => tests.every((test) => test(labels));
}

/** An object's selector as a test. An empty selector means every object, none at all means no object. */
export function toMatcher(selector: LabelSelector | undefined): Matcher {
  if (!selector) return () => false;
  const labels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelTest =>
      (given) =>
        given[key] === value,
  );
  const tests = [
    ...labels,
    ...(selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => expression(key, operator, values)),
  ];
  return ({ metadata }) => tests.every((test) => test(metadata.labels ?? {}));
}

/** An object's selector as a query writes it. */
export function formatLabelSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(",")})`;
  });
  return [...labels, ...expressions].join(",");
}

function splitOutsideBrackets(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.length === 1 && parts[0] === "" ? [] : parts;
}

const labelKey = "([\\w./-]+)";
const forms: readonly (readonly [RegExp, (key: string, rest: string) => LabelTest])[] = [
  [new RegExp(`^${labelKey}\\s*(?:==|=)\\s*([\\w.-]*)$`), (key, value) => expression(key, "In", [value])],
  [new RegExp(`^${labelKey}\\s*!=\\s*([\\w.-]*)$`), (key, value) => expression(key, "NotIn", [value])],
  [new RegExp(`^${labelKey}\\s+in\\s*\\(([^()]*)\\)$`), (key, values) => expression(key, "In", splitValues(values))],
  [new RegExp(`^${labelKey}\\s+notin\\s*\\(([^()]*)\\)$`), (key, values) => expression(key, "NotIn", splitValues(values))],
  [new RegExp(`^!\\s*${labelKey}$`), (key) => expression(key, "DoesNotExist", [])],
  [new RegExp(`^${labelKey}$`), (key) => expression(key, "Exists", [])],
];

function parseRequirement(text: string): LabelTest {
  for (const [form, make] of forms) {
    const match = form.exec(text);
    if (match) return make(match[1] ?? "", match[2] ?? "");
  }
  throw badRequest(`unable to parse requirement: found '${text.slice(0, 100)}', expected: identifier`);
}

function splitValues(text: string): string[] {
  return text.split(",").map((value) => value.trim());
}

function expression(key: string, operator: string, values: readonly string[]): LabelTest {
  if (operator === "In") return (labels) => labels[key] !== undefined && values.includes(labels[key]);
  if (operator === "NotIn") return (labels) => labels[key] === undefined || !values.includes(labels[key]);
  if (operator === "Exists") return (labels) => labels[key] !== undefined;
  if (operator === "DoesNotExist") return (labels) => labels[key] === undefined;
  throw badRequest(`"${operator}" is not a valid label selector operator`);
}

const everywhere = ["metadata.name", "metadata.namespace"];
const known: Partial<Record<ResourceName, readonly string[]>> = {
  "v1/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  "v1/nodes": ["spec.unschedulable"],
  "v1/namespaces": ["status.phase"],
  "v1/events": [
    ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
      (field) => `involvedObject.${field}`,
    ),
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "apps/v1/replicasets": ["status.replicas"],
};

/** A query's `fieldSelector`. Throws 400 for a field that this resource is not selected by. */
export function parseFieldSelector(resource: ResourceName, text: string): Matcher {
  const fields = [...everywhere, ...(known[resource] ?? [])];
  const tests = text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => parseFieldTest(part, fields));
  return (object) => tests.every((test) => test(object));
}

function parseFieldTest(text: string, fields: readonly string[]): Matcher {
  const match = /^([^=!]+)(==|!=|=)(.*)$/.exec(text);
  if (!match) throw badRequest(`invalid selector: '${text.slice(0, 100)}'; can't understand '${text.slice(0, 100)}'`);
  const [, field = "", operator, value] = match;
  if (!fields.includes(field)) {
    throw badRequest(`"${field}" is not a known field selector: only ${fields.map((name) => `"${name}"`).join(", ")}`);
  }
  const path = field === "source" ? ["source", "component"] : field.split(".");
  const same = operator !== "!=";
  return (object) => (readText(object, path) === value) === same;
}

function readText(object: unknown, path: readonly string[]): string {
  let value = object;
  for (const step of path)
    value = value !== null && typeof value === "object" ? (value as Record<string, unknown>)[step] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
