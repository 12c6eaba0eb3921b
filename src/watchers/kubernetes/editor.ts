import type { KubeManagedFields } from "#clients/kubernetes/objects.ts";
import type { Instant } from "#domain/workload.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";

/** The tool that wrote a field: managedFields name tools, never people. */
export interface Editor {
  readonly tool: string;
  /** A write of the scale subresource carries no time. */
  readonly at?: Instant;
  readonly subresource?: string;
}

/** Who owns a field, by its path (`f:spec`, `f:replicas`). Of several owners the last writer, as far as times tell. */
export function findEditor(entries: readonly KubeManagedFields[] | undefined, path: readonly string[]): Editor | undefined {
  const owners = (entries ?? []).filter((entry) => owns(entry, path));
  const [first, ...rest] = owners.map(toEditor);
  if (!first) return undefined;
  return rest.reduce((last, next) => ((next.at ?? Infinity) >= (last.at ?? Infinity) ? next : last), first);
}

/** Does the HorizontalPodAutoscaler controller write so? It scales as the controller manager, which elsewise leaves the spec alone. */
export function isAutoscaler(editor: Editor | undefined): boolean {
  if (!editor) return false;
  const { tool, subresource } = editor;
  return tool === "kube-controller-manager" || (subresource === "scale" && tool.endsWith("controller-manager"));
}

/** Entries without a tree of fields (some API servers leave it out) are taken for writers of the spec. */
function owns(entry: KubeManagedFields, path: readonly string[]): boolean {
  if (!entry.manager) return false;
  if (entry.fieldsV1 === undefined)
    return entry.subresource !== "status" && (entry.subresource === undefined || path.includes("f:replicas"));
  let fields: unknown = entry.fieldsV1;
  for (const step of path)
    fields = typeof fields === "object" && fields !== null ? (fields as Record<string, unknown>)[step] : undefined;
  return fields !== undefined;
}

function toEditor(entry: KubeManagedFields): Editor {
  return { tool: (entry.manager ?? "").slice(0, 128), at: findInstant(entry.time), subresource: entry.subresource };
}
