import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import { listAll } from "#clients/kubernetes/list.ts";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { ActionContext } from "./action.ts";
import { isDeclared, isLeftAlone, judgeOwner, ownersOf, type OwnedField, type Owner, type Sync } from "./owners.ts";

/** What the owners of an object say to a change: a no, or what to know. */
export interface OwnersWord {
  readonly refusal?: string;
  readonly warnings: readonly string[];
}

/** Asks who owns an object and whether they would put a field back. `what` begins sentences: `The autoscaler "web"`. */
export async function askOwners(
  { connection, log }: Pick<ActionContext, "connection" | "log">,
  what: string,
  { kind, metadata }: { readonly kind: string; readonly metadata: KubeMeta },
  field: OwnedField,
): Promise<OwnersWord> {
  const warnings: string[] = [];
  for (const owner of ownersOf(metadata)) {
    if (!isDeclared(owner, metadata, field)) continue;
    const { sync, source } = isLeftAlone(owner, metadata)
      ? ({ sync: "held" } as const)
      : await findSync({ connection, log }, owner, kind, field);
    const judgement = judgeOwner(what, owner, sync, source);
    if (judgement?.kind === "refuse") return { refusal: judgement.text, warnings: [] };
    if (judgement) warnings.push(judgement.text);
  }
  return { warnings };
}

interface Habits {
  readonly sync: Sync;
  /** ` (https://... deploy/shop)`: where it is to be changed. */
  readonly source?: string;
}

interface RawSource {
  readonly metadata: KubeMeta;
  readonly spec?: {
    readonly suspend?: boolean;
    readonly path?: string;
    readonly sourceRef?: { readonly kind?: string; readonly name?: string };
    readonly driftDetection?: { readonly mode?: string };
    readonly source?: { readonly repoURL?: string; readonly path?: string };
    readonly syncPolicy?: { readonly automated?: { readonly enabled?: boolean; readonly selfHeal?: boolean } | null };
    readonly ignoreDifferences?: readonly { readonly kind?: string; readonly jsonPointers?: readonly string[] }[];
  };
}

const listed: Readonly<Record<Exclude<Owner["tool"], "helm">, readonly [version: string, plural: string]>> = {
  argo: ["argoproj.io/v1alpha1", "applications"],
  kustomization: ["kustomize.toolkit.fluxcd.io/v1", "kustomizations"],
  helmrelease: ["helm.toolkit.fluxcd.io/v2", "helmreleases"],
};

async function findSync(
  { connection, log }: Pick<ActionContext, "connection" | "log">,
  { tool, name, namespace }: Owner,
  kind: string,
  field: OwnedField,
): Promise<Habits> {
  if (tool === "helm") return { sync: "next-change" };
  const all = await listSources(connection, tool).catch((error: unknown) => {
    if (error instanceof TemporaryError) throw error;
    // No right to see them, or no such kind here: it may well live in another cluster.
    log.info({ tool, error: messageOf(error) }, "Owner cannot be seen");
    return [];
  });
  const found = all.filter(({ metadata }) => metadata.name === name && (namespace ?? metadata.namespace) === metadata.namespace);
  const habits = found.map((raw) => toHabits(tool, raw, kind, field));
  return habits.find(({ sync }) => sync === "corrects") ?? habits[0] ?? { sync: "unknown" };
}

function listSources(connection: KubeConnection, tool: keyof typeof listed): Promise<RawSource[]> {
  const [version, plural] = listed[tool];
  return listAll(connection, pathOf(version, undefined, plural));
}

/** Does it correct what somebody changed, as its spec says? Pure. */
export function toHabits(tool: keyof typeof listed, { spec = {} }: RawSource, kind: string, field: OwnedField): Habits {
  if (tool !== "argo" && spec.suspend === true) return { sync: "held", source: sourceOf(spec) };
  if (tool === "kustomization") return { sync: "corrects", source: sourceOf(spec) };
  if (tool === "helmrelease")
    return { sync: spec.driftDetection?.mode === "enabled" ? "corrects" : "next-change", source: sourceOf(spec) };
  return { sync: isHealing(spec, kind, field) ? "corrects" : "next-change", source: sourceOf(spec) };
}

/** Argo CD corrects where it syncs by itself and heals; automatic sync alone waits for the next commit. */
function isHealing({ syncPolicy, ignoreDifferences = [] }: NonNullable<RawSource["spec"]>, kind: string, field: OwnedField) {
  const automated = syncPolicy?.automated;
  const isIgnored = ignoreDifferences.some(
    (rule) => (rule.kind === kind || rule.kind === "*") && rule.jsonPointers?.includes(`/spec/${field}`) === true,
  );
  return automated?.enabled !== false && automated?.selfHeal === true && !isIgnored;
}

function sourceOf({ source, sourceRef, path }: NonNullable<RawSource["spec"]>): string {
  const place = source?.repoURL ?? (sourceRef?.name === undefined ? undefined : `${sourceRef.kind ?? ""} ${sourceRef.name}`);
  if (place === undefined) return "";
  return ` (${[place, source?.path ?? path]
    .filter((part) => part !== undefined)
    .join(", ")
    .slice(0, 200)})`;
}
