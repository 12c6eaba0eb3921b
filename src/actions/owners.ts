import type { KubeMeta } from "#clients/kubernetes/objects.ts";

/** A tool that applies objects from elsewhere: Argo CD, Flux (a Kustomization or a HelmRelease), or Helm by hand. */
export interface Owner {
  readonly tool: "argo" | "kustomization" | "helmrelease" | "helm";
  readonly name: string;
  /** Of the Application, Kustomization or HelmRelease; not known of every Application. */
  readonly namespace?: string;
}

/**
 * - `corrects`: puts what Git declares back by itself, within seconds or minutes.
 * - `next-change`: leaves it alone until the next sync or release.
 * - `held`: suspended, or told to leave this object alone.
 * - `unknown`: it cannot be seen from here, e.g. Argo CD lives in another cluster.
 */
export type Sync = "corrects" | "next-change" | "held" | "unknown";

/** What an act changes, as far as owners are concerned. */
export type OwnedField = "maxReplicas" | "replicas" | "template" | "paused" | "restartedAt";

/** Warn, refuse, or (undefined) nothing to say. */
export type Judgement = { readonly kind: "warn" | "refuse"; readonly text: string } | undefined;

/** A name that Kubernetes would take: what stands in an annotation may be anything, and ends in a command that people paste. */
export function isName(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(text);
}

/** Who says that the object is theirs. */
export function ownersOf(metadata: KubeMeta): Owner[] {
  const { labels = {}, annotations = {} } = metadata;
  const owners = [
    findApplication(metadata),
    findOwner("kustomization", labels["kustomize.toolkit.fluxcd.io/name"], labels["kustomize.toolkit.fluxcd.io/namespace"]),
    findOwner("helmrelease", labels["helm.toolkit.fluxcd.io/name"], labels["helm.toolkit.fluxcd.io/namespace"]),
  ].filter((owner) => owner !== undefined);
  if (owners.length > 0 || labels["app.kubernetes.io/managed-by"] !== "Helm") return owners;
  const helm = findOwner("helm", annotations["meta.helm.sh/release-name"]);
  return helm ? [helm] : [];
}

function findOwner(tool: Owner["tool"], name: string | undefined, namespace?: string): Owner | undefined {
  if (name === undefined || !isName(name)) return undefined;
  return { tool, name, ...(namespace !== undefined && isName(namespace) && { namespace }) };
}

function findApplication({ labels = {}, annotations = {}, managedFields = [] }: KubeMeta): Owner | undefined {
  const tracked = annotations["argocd.argoproj.io/tracking-id"]?.split(":")[0];
  // By label, as Argo CD before 3.0 tracks: Helm sets the same one, so its own writes must show too.
  const labelled = managedFields.some(isBy("argo")) ? labels["app.kubernetes.io/instance"] : undefined;
  // `team_shop`: the Application of a namespace that is not Argo CD's own.
  const [first, second] = (tracked ?? labelled ?? "").split("_");
  return second === undefined ? findOwner("argo", first) : findOwner("argo", second, first);
}

/** Told on the object itself to leave it alone, whatever the owner does otherwise. */
export function isLeftAlone({ tool }: Owner, { annotations = {} }: KubeMeta): boolean {
  if (tool === "helmrelease") return annotations["helm.toolkit.fluxcd.io/driftDetection"] === "disabled";
  if (tool !== "kustomization") return false;
  const apply = annotations["kustomize.toolkit.fluxcd.io/ssa"]?.toLowerCase();
  return annotations["kustomize.toolkit.fluxcd.io/reconcile"] === "disabled" || apply === "ignore" || apply === "ifnotpresent";
}

const managers: Readonly<Record<Owner["tool"], readonly string[]>> = {
  argo: ["argocd-controller", "argocd-application-controller"],
  kustomization: ["kustomize-controller"],
  helmrelease: ["helm-controller"],
  helm: ["helm"],
};

function isBy(tool: Owner["tool"]) {
  return ({ manager = "" }: { readonly manager?: string }) => managers[tool].includes(manager.toLowerCase());
}

const paths: Readonly<Record<OwnedField, readonly string[]>> = {
  maxReplicas: ["spec", "maxReplicas"],
  replicas: ["spec", "replicas"],
  template: ["spec", "template"],
  paused: ["spec", "paused"],
  restartedAt: ["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"],
};

/** What manifests hold where nothing tells: nobody writes down that a rollout is paused, or when it was restarted. */
const usually: Readonly<Record<OwnedField, boolean>> = {
  maxReplicas: true,
  replicas: true,
  template: true,
  paused: false,
  restartedAt: false,
};

/**
 * Does the owner's source hold this field? All of them leave alone what it does not hold: Flux applies on the server's side, and Argo CD and Helm
 * compare three ways. It shows in what the owner's manager wrote, or applied last.
 */
export function isDeclared({ tool }: Owner, { annotations = {}, managedFields = [] }: KubeMeta, field: OwnedField): boolean {
  const path = paths[field];
  const applied = parsed(annotations["kubectl.kubernetes.io/last-applied-configuration"]);
  const written = managedFields.filter((entry) => isBy(tool)(entry) && !entry.subresource).map(({ fieldsV1 }) => fieldsV1);
  const fields = path.map((key) => `f:${key}`);
  if (holds(applied, path) || written.some((tree) => holds(tree, fields))) return true;
  return applied === undefined && written.length === 0 && usually[field];
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function holds(tree: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  return (
    typeof tree === "object" && tree !== null && Object.hasOwn(tree, key) && holds((tree as Record<string, unknown>)[key], rest)
  );
}

/** What an owner's habits mean for a change of a field that it declares. Pure; `what` begins the sentence: `The autoscaler "web"`. */
export function judgeOwner(what: string, owner: Owner, sync: Sync, source = ""): Judgement {
  const title = `${what} is managed by ${titleOf(owner)}`;
  const hold = holdCommand(owner);
  switch (sync) {
    case "corrects":
      return {
        kind: "refuse",
        text: `${title}, which puts back within minutes what Git says: change it there${source}, or hold it first and press again: \`${hold}\``,
      };
    case "next-change":
      return { kind: "warn", text: `${title}: its next sync or release overwrites this. Change its source${source} too.` };
    case "held":
      return {
        kind: "warn",
        text: `${title}, which is held now: once it goes on, it overwrites this. Change Git${source} first.`,
      };
    case "unknown":
      return {
        kind: "warn",
        text: `${title}; whether that undoes changes cannot be seen from here. If it does, hold it (\`${hold}\`) or change Git too.`,
      };
  }
}

function titleOf({ tool, name }: Owner): string {
  return `${{ argo: "Argo CD", kustomization: "Flux", helmrelease: "Flux", helm: "Helm" }[tool]} ("${name}")`;
}

function holdCommand({ tool, name, namespace }: Owner): string {
  const inside = namespace === undefined ? "" : ` -n ${namespace}`;
  if (tool === "argo") return `argocd app set ${namespace === undefined ? "" : `${namespace}/`}${name} --sync-policy none`;
  return `flux suspend ${tool} ${name}${inside}`;
}
