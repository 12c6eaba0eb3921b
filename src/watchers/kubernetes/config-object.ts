import { createHash } from "node:crypto";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import type { Instant } from "#domain/workload.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";
import { findEditor, type Editor } from "./editor.ts";

/** Kinds of objects that workloads depend on, with the fields that count and where they are listed. */
export const configKinds = [
  { object: "ConfigMap", version: "v1", plural: "configmaps", namespaced: true, fields: ["data", "binaryData"] },
  { object: "ResourceQuota", version: "v1", plural: "resourcequotas", namespaced: true, fields: ["spec"] },
  { object: "LimitRange", version: "v1", plural: "limitranges", namespaced: true, fields: ["spec"] },
  {
    object: "PriorityClass",
    version: "scheduling.k8s.io/v1",
    plural: "priorityclasses",
    namespaced: false,
    fields: ["value", "globalDefault", "preemptionPolicy"],
  },
] as const;

export type ConfigKind = (typeof configKinds)[number];

/** What is kept of such an object: a digest a key. Values are neither kept nor logged. */
export interface ConfigObject {
  readonly object: ConfigKind["object"];
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Instant;
  /** Who wrote its content last. */
  readonly editedBy?: Editor;
  /** Key to the start of the SHA-256 of its value. */
  readonly digests: ReadonlyMap<string, string>;
}

/** As the API server sends it: whatever the kind holds. */
export type RawConfig = { readonly metadata: KubeMeta } & Readonly<Record<string, unknown>>;

/** Written by machines all the time, or the same everywhere: states, not settings. */
const NOT_CONFIG =
  /^(kube-root-ca\.crt|openshift-service-ca\.crt|istio-ca-root-cert|istio-ca-crl|cluster-autoscaler-status|extension-apiserver-authentication|cluster-info|k8s-why-(audit-head|steps))$/;
const LEADER = "control-plane.alpha.kubernetes.io/leader";
/** Keys told apart; those beyond share one digest. */
const KEYS_AT_MOST = 200;
const OTHER_KEYS = "(other keys)";

/** Keeps of an object what tells an edit; undefined for what is no setting. Pure. */
export function findConfigObject(kind: ConfigKind, raw: RawConfig): ConfigObject | undefined {
  const { metadata } = raw;
  // Helm before 3 and some operators keep their own state in ConfigMaps.
  const isState =
    NOT_CONFIG.test(metadata.name) || metadata.annotations?.[LEADER] !== undefined || metadata.labels?.["OWNER"] === "TILLER";
  if (isState) return undefined;
  const editors = kind.fields.map((field) => findEditor(metadata.managedFields, [`f:${field}`]));
  return {
    object: kind.object,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    name: metadata.name,
    uid: metadata.uid,
    createdAt: findInstant(metadata.creationTimestamp) ?? 0,
    editedBy: editors.filter((editor) => editor !== undefined).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0],
    digests: digestsOf(kind, raw),
  };
}

/** Keys that are new, gone or other than before, sorted. Pure. */
export function changedKeys(before: ConfigObject["digests"], after: ConfigObject["digests"]): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).toSorted();
}

function digestsOf(kind: ConfigKind, raw: RawConfig): Map<string, string> {
  const entries = kind.fields.flatMap((field): [string, unknown][] => {
    const value = raw[field];
    if (value === undefined || value === null) return [];
    return typeof value === "object" ? Object.entries(value) : [[field, value]];
  });
  const told = entries.slice(0, KEYS_AT_MOST).map(([key, value]): [string, string] => [key, digest(value)]);
  const rest = entries.slice(KEYS_AT_MOST);
  return new Map(rest.length > 0 ? [...told, [OTHER_KEYS, digest(rest)]] : told);
}

function digest(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
