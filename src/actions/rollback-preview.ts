import type { Preview, StepOrder } from "#domain/order.ts";
import type { Instant } from "#domain/workload.ts";
import type { KubeContainer, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import { count } from "./action.ts";
import { type Revision, differences } from "./history.ts";
import type { RollbackPlan } from "./history.ts";
import { replacementOf } from "./replacement.ts";

/** What a person is shown before a rollback. */
export function toPreview(
  { workload }: StepOrder,
  { deployment, current, target, ownersSay }: RollbackPlan,
  at: Instant,
): Preview {
  return {
    at,
    intent: {
      kind: "rollback",
      workload,
      uid: deployment.metadata.uid,
      fromRevision: current.revision,
      fromTemplateHash: current.templateHash,
      toRevision: target.revision,
      toTemplateHash: target.templateHash,
    },
    effects: [
      `The pod template of revision ${target.revision} comes back; Kubernetes makes it a new revision.`,
      ...replacementOf("Deployment", deployment),
      ...otherFields(current, target),
    ],
    changes: changesBetween(current, target),
    warnings: [
      "It touches nothing but the pod template: not the ConfigMaps, the Secrets, the database or the autoscaler.",
      ...ownersSay,
    ],
    dryRun: "accepted",
  };
}

function changesBetween(current: Revision, target: Revision): Preview["changes"] {
  return [
    { what: "Revision", before: count(current.revision), after: `${count(target.revision)} (its template)` },
    ...imageChanges(current.template, target.template),
  ];
}

/** What else of the template differs, by name only: values may be secret. */
function otherFields(current: Revision, target: Revision): string[] {
  const paths = differences(withoutImages(current.template), withoutImages(target.template));
  if (paths.length === 0) return [];
  const named = paths.slice(0, 6).map((path) => shortPath(path).slice(0, 100));
  return [`Other fields of the template go back too: ${named.join(", ")}${paths.length > named.length ? " and more" : ""}.`];
}

/** As people call it: `annotation note`, `containers[app].env`. */
function shortPath(path: string): string {
  return path
    .replace(/^template\./, "")
    .replace(/^metadata\.(annotation|label)s\./, "$1 ")
    .replace(/^spec\./, "");
}

function containersOf({ spec }: KubePodTemplate): KubeContainer[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}

function imageChanges(from: KubePodTemplate, to: KubePodTemplate): Preview["changes"] {
  const before = new Map(containersOf(from).map(({ name, image = "" }) => [name, image]));
  return containersOf(to)
    .filter(({ name, image = "" }) => before.has(name) && before.get(name) !== image)
    .map(({ name, image = "" }) => ({ what: `Image of ${name}`, ...shortened(before.get(name) ?? "", image) }));
}

/** Without the registry where it is the same, and with tags that are commits as short as people write them. */
function shortened(before: string, after: string): { before: string; after: string } {
  const cut = (image: string) => image.replace(/([:@](?:sha256:)?[0-9a-f]{12})[0-9a-f]{20,}$/, "$1");
  const registry = before.slice(0, before.lastIndexOf("/") + 1);
  const from = after.startsWith(registry) ? registry.length : 0;
  return { before: cut(before.slice(from)), after: cut(after.slice(from)) };
}

function withoutImages(template: KubePodTemplate): KubePodTemplate {
  const strip = (containers: readonly KubeContainer[] = []) =>
    containers.map((container) => ({ ...container, image: undefined }));
  const { spec } = template;
  return spec
    ? { ...template, spec: { ...spec, containers: strip(spec.containers), initContainers: strip(spec.initContainers) } }
    : template;
}
