import type { Foretold } from "#domain/rollout.ts";
import type { Preview, StepOrder } from "#domain/order.ts";
import type { Instant } from "#domain/workload.ts";
import type { KubeContainer, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import { count } from "./action.ts";
import type { History, Revision } from "./history.ts";
import { notForetold } from "./rollout-facts.ts";
import { stuckSentences } from "./stuck-pods.ts";
import { toChoices } from "./revision-choices.ts";
import { diffTemplates } from "./template-diff.ts";

/** What is, and where to. */
export interface RollbackPlan {
  readonly kind: "plan";
  readonly history: History;
  readonly current: Revision;
  readonly target: Revision;
  /** Warnings about the tools that manage the workload. */
  readonly ownersSay: readonly string[];
}

interface Seen {
  readonly at: Instant;
  readonly foretold: Foretold | undefined;
  /** Pods that have to be deleted by hand. */
  readonly stuck: readonly string[];
}

/** What a person is shown before a rollback. */
export function toPreview(order: StepOrder, plan: RollbackPlan, { at, foretold, stuck }: Seen): Preview {
  const { workload } = order;
  const { history, current, target } = plan;
  const { metadata } = history.workload;
  return {
    at,
    intent: {
      kind: "rollback",
      workload,
      uid: metadata.uid,
      fromRevision: current.revision,
      fromTemplateHash: current.templateHash,
      toRevision: target.revision,
      toTemplateHash: target.templateHash,
    },
    effects: [
      `The pod template of revision ${target.revision} comes back; Kubernetes makes it a new revision.`,
      ...(foretold?.effects ?? [notForetold]),
    ],
    changes: [
      { what: "Revision", before: count(current.revision), after: `${count(target.revision)} (its template)` },
      ...imageChanges(current.template, target.template),
    ],
    warnings: [
      ...(foretold?.warnings ?? []),
      ...unknownSchema(order, target),
      ...stuckSentences(workload.namespace, stuck),
      "It touches nothing but the pod template: not the ConfigMaps, the Secrets, the database or the autoscaler.",
      ...plan.ownersSay,
    ],
    dryRun: "accepted",
    choices: toChoices(plan, order.revisionTemplateHash, at),
    diff: diffTemplates(current.template, target.template),
    ...(foretold && { forecast: foretold.forecast }),
  };
}

/** Only of the range up to the revision that the search found somebody has looked at the schema. */
function unknownSchema(
  { revision: known, revisionTemplateHash: hash }: StepOrder,
  { revision, templateHash }: Revision,
): string[] {
  if (hash === undefined ? revision === known : templateHash === hash) return [];
  return [
    `Nobody has looked at what changed in the database schema since revision ${revision}: see for yourself before you press.`,
  ];
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
