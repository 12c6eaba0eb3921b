import type { Golden } from "./golden.ts";
import { goldenNow as now, incidents } from "./incidents.ts";
import { NOON, aStep, shopWeb } from "#test/builders.ts";
import type { Preview } from "#domain/order.ts";
import { renderClosing, renderDecision, renderLoading } from "#bot/cards/closing.ts";
import { renderPreviewModal } from "#bot/cards/preview-modal.ts";

const cap: Preview = {
  at: NOON,
  intent: { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u1", fromMax: 4_000, toMax: 96 },
  effects: ["The ceiling goes from 4,000 to 96: no more pods are added.", "95 pods run; none is taken away."],
  changes: [{ what: "maxReplicas", before: "4,000", after: "96" }],
  warnings: ["Requests that need more than 96 replicas wait longer."],
  dryRun: "accepted",
};
const rollback: Preview = {
  at: NOON,
  intent: {
    kind: "rollback",
    workload: shopWeb,
    uid: "u",
    fromRevision: 8,
    fromTemplateHash: "bad",
    toRevision: 7,
    toTemplateHash: "good",
  },
  effects: [
    "Revision 8 goes, and the template of revision 7 comes back as revision 9.",
    "On its way: up to 120 pods, at least 72 ready, 2 more nodes, about 40 seconds.",
  ],
  changes: [{ what: "Image", before: "registry.example/web:1.8.0", after: "registry.example/web:1.7.3" }],
  warnings: ["No database, ConfigMap or Secret is touched."],
  dryRun: "accepted",
  choices: {
    label: "Revision",
    options: [
      { value: "7", text: "Revision 7, 09:12, the last that ran well" },
      { value: "6", text: "Revision 6, yesterday" },
    ],
    chosen: "7",
  },
  diff: ["  containers:", "- image: registry.example/web:1.8.0", "+ image: registry.example/web:1.7.3", "~ env.DATABASE_URL"],
  confirm: "The schema is back: the old code finds its column.",
};
const step = aStep({ kind: "rollback" });
const may = { user: "U0NINA", allowed: true, approvals: 2, text: "Rule 2, the shop's own people.", breakGlass: false } as const;
const mayNot = { user: "U0OTTO", allowed: false, text: "No rule allows you that.", breakGlass: true } as const;

/** What opens over the channel. */
export const modals: readonly Golden[] = [
  { name: "modal-loading", of: "renderLoading", card: renderLoading("Roll back") },
  {
    name: "modal-cap",
    of: "renderPreviewModal",
    card: renderPreviewModal(
      incidents.open,
      aStep(),
      { kind: "preview", preview: cap },
      { now, viewer: { ...may, approvals: 1 } },
    ),
  },
  {
    name: "modal-rollback-first",
    of: "renderPreviewModal",
    card: renderPreviewModal(incidents.open, step, { kind: "preview", preview: rollback }, { now, viewer: may }),
  },
  {
    name: "modal-rollback-second",
    of: "renderPreviewModal",
    card: renderPreviewModal(
      incidents.open,
      step,
      { kind: "preview", preview: rollback },
      { now, viewer: { ...may, user: "U0OTTO", firstYes: "U0NINA" } },
    ),
  },
  {
    name: "modal-break-glass",
    of: "renderPreviewModal",
    card: renderPreviewModal(incidents.open, step, { kind: "preview", preview: rollback }, { now, viewer: mayNot }),
  },
  {
    name: "modal-refused",
    of: "renderPreviewModal",
    card: renderPreviewModal(
      incidents.open,
      step,
      { kind: "refused", text: "Argo CD owns this Deployment and would put it back at once: `argocd app rollback web`." },
      { now },
    ),
  },
  {
    name: "modal-closing",
    of: "renderClosing",
    card: renderClosing("Roll back", ":hourglass:", "This incident is not known any more."),
  },
  {
    name: "modal-accepted",
    of: "renderDecision",
    card: renderDecision("Cap", { kind: "accepted", text: "Approved. The cap is on its way." }),
  },
];
