import type { Golden } from "./golden.ts";
import { goldenNow as now, incidents } from "./incidents.ts";
import { HOUR, MINUTE, NOON, shopWebKey } from "#test/builders.ts";
import { commands } from "#bot/commands/table.ts";
import { renderAudit } from "#bot/cards/audit-list.ts";
import { renderExpectAnswer } from "#bot/cards/expectation.ts";
import { renderExplanation } from "#bot/cards/explanation.ts";
import { renderHelp } from "#bot/cards/help.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";

const thread = "https://example.slack.com/archives/C0INCIDENTS/p1772452800000100";
const calm = {
  kind: "calm",
  workload: "shop/web",
  desired: 31,
  ready: 31,
  usual: 30,
  floor: 3,
  ceiling: 4_000,
  cpuPercent: 68,
  targetCpuPercent: 70,
  recent: ["Revision 7 rolled out at 09:12.", "Ada Lovelace: Show prices with tax."],
} as const;
const expectation = { workload: shopWebKey, times: 3, until: NOON + 6 * HOUR, by: "U0NINA", at: NOON } as const;
const records = [
  { what: "done", by: "U0NINA", text: "The ceiling is 96; it was 4,000." },
  { what: "approved", by: "U0NINA", text: "Cap" },
  { what: "refused", by: "U0OTTO", text: "No rule allows you that." },
] as const;

/** What `/k8s-why` answers. */
export const answers: readonly Golden[] = [
  { name: "help", of: "renderHelp", card: renderHelp(commands) },
  {
    name: "incidents",
    of: "renderIncidentList",
    card: renderIncidentList(Object.values(incidents).slice(0, 4), now, () => thread),
  },
  { name: "incidents-none", of: "renderIncidentList", card: renderIncidentList([], now, () => undefined) },
  { name: "why-calm", of: "renderExplanation", card: renderExplanation("web", calm, { now }) },
  {
    name: "why-incident",
    of: "renderExplanation",
    card: renderExplanation("web", { kind: "incident", incident: incidents.open }, { now, thread }),
  },
  {
    name: "why-unknown",
    of: "renderExplanation",
    card: renderExplanation("wbe", { kind: "unknown", similar: ["shop/web", "shop/web-admin"] }, { now }),
  },
  {
    name: "expect-set",
    of: "renderExpectAnswer",
    card: renderExpectAnswer({ kind: "set", expectation, usual: 30 }, "U0NINA", now),
  },
  {
    name: "audit",
    of: "renderAudit",
    card: renderAudit(
      records.map((record, index) => ({
        ...record,
        seq: 3 - index,
        previous: "",
        hash: "",
        at: NOON - index * MINUTE,
        incidentId: "inc-0123456789ab",
        stepId: "cap",
        on: shopWebKey,
      })),
      now,
    ),
  },
];
