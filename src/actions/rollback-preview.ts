import type { Preview, StepOrder } from "#domain/plan.ts";
import type { Instant } from "#domain/workload.ts";
import type { KubeContainer, KubeDeployment, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import { count, counted } from "./action.ts";
import { type Revision, differences } from "./history.ts";
import { ownerWarnings } from "./owners.ts";
import type { RollbackPlan } from "./rollback.ts";
import { toReplacement } from "./surge.ts";

/** What a person is shown before a rollback. */
export function toPreview({ workload }: StepOrder, { deployment, current, target }: RollbackPlan, at: Instant): Preview {
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
      ...replacementOf(deployment),
    ],
    changes: changesBetween(current, target),
    warnings: [
      "It touches nothing but the pod template: not the ConfigMaps, the Secrets, the database or the autoscaler.",
      ...ownerWarnings(`${workload.namespace}/${workload.name}`, deployment.metadata),
    ],
    dryRun: "accepted",
  };
}

function replacementOf(deployment: KubeDeployment): string[] {
  const replacement = toReplacement(deployment);
  if (replacement.kind === "recreate") {
    return [
      `All ${counted(replacement.replicas, "pod")} are stopped before the first new one starts: it does not serve meanwhile.`,
    ];
  }
  const { replicas, surge, readyAtLeast } = replacement;
  return [
    `All ${counted(replicas, "pod")} are replaced step by step: up to ${count(surge)} more for a while, ${count(readyAtLeast)} kept ready at least.`,
    ...(surge >= 20
      ? [`The ${count(surge)} need room: where there is none, nodes may be added for some minutes before it gets better.`]
      : []),
  ];
}

function changesBetween(current: Revision, target: Revision): Preview["changes"] {
  const other = differences(withoutImages(current.template), withoutImages(target.template));
  return [
    { what: "Revision", before: count(current.revision), after: `${count(target.revision)} (its template)` },
    ...imageChanges(current.template, target.template),
    ...other.map((path) => ({ what: path.slice(0, 150), before: "as now", after: "as then" })),
  ];
}

function containersOf({ spec }: KubePodTemplate): KubeContainer[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}

function imageChanges(from: KubePodTemplate, to: KubePodTemplate): Preview["changes"] {
  const before = new Map(containersOf(from).map(({ name, image = "" }) => [name, image]));
  return containersOf(to)
    .filter(({ name, image = "" }) => before.has(name) && before.get(name) !== image)
    .map(({ name, image = "" }) => ({ what: `Image of ${name}`, before: before.get(name) ?? "", after: image }));
}

function withoutImages(template: KubePodTemplate): KubePodTemplate {
  const strip = (containers: readonly KubeContainer[] = []) =>
    containers.map((container) => ({ ...container, image: undefined }));
  const { spec } = template;
  return spec
    ? { ...template, spec: { ...spec, containers: strip(spec.containers), initContainers: strip(spec.initContainers) } }
    : template;
}
