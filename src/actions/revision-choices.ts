import type { Choices } from "#domain/order.ts";
import type { Instant } from "#domain/workload.ts";
import type { Revision } from "./history.ts";
import type { RollbackPlan } from "./rollback-preview.ts";
import { oneShortLine } from "./mask.ts";

/** So many are listed; who wants an older one knows `kubectl rollout undo`. */
const MOST = 20;

/** The revisions that one may go back to, newest first, each with what it ran and how old it is. `known`: the one that is suggested. */
export function toChoices({ history, current, target }: RollbackPlan, known: string | undefined, now: Instant): Choices {
  const others = history.revisions.filter(({ templateHash }) => templateHash !== current.templateHash);
  const listed = others.slice(0, MOST);
  const shown = listed.includes(target) ? listed : [...listed.slice(0, -1), target];
  return {
    label: "Revision",
    options: shown.map((revision) => ({ value: revision.templateHash, text: textOf(revision, known, now) })),
    chosen: target.templateHash,
  };
}

/** At most 75 characters, which is what Slack shows. */
function textOf(revision: Revision, known: string | undefined, now: Instant): string {
  const parts = [`${revision.revision}`, codeOf(revision), ageOf(now - revision.createdAt)];
  const suggested = revision.templateHash === known ? " (suggested)" : "";
  return `${parts.filter((part) => part !== "").join(" · ")}${suggested}`;
}

/** The commit that it says it was built from, else the first container's tag. */
function codeOf({ template }: Revision): string {
  const commit = template.metadata?.annotations?.["k8s-why.dev/commit"];
  if (commit !== undefined && /^[0-9a-f]{7,40}$/i.test(commit)) return commit.slice(0, 12);
  const image = oneShortLine(template.spec?.containers[0]?.image ?? "");
  const tag = /[:@]((?:sha256:)?[\w.-]{1,128})$/.exec(image)?.[1] ?? image.slice(image.lastIndexOf("/") + 1);
  return tag.replace(/([0-9a-f]{12})[0-9a-f]{20,}$/, "$1").slice(-30);
}

function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 100) return `${minutes} min old`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours old` : `${Math.round(hours / 24)} days old`;
}
