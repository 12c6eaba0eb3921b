import type { Golden } from "./golden.ts";
import { goldenNow as now, incidents } from "./incidents.ts";
import { HOUR, MINUTE, NOON, aConfigEdit, aLanding, aPoolChange, aReport, aRollout, aScaling, aSha, anAutoscalerEdit, anIncident, shopWeb, shopWebKey } from "#test/builders.ts"; // prettier-ignore
import type { Answer } from "#bot/commands/command.ts";
import type { Happening } from "#domain/ports/look.ts";
import { dressed, shared } from "#bot/dress.ts";
import { renderChangeList } from "#bot/cards/change-list.ts";
import { renderChoices } from "#bot/cards/choices.ts";
import { renderHappenings } from "#bot/cards/happenings.ts";
import { renderPlan } from "#bot/cards/plan.ts";
import { renderPools } from "#bot/cards/pools.ts";
import { renderWhoami } from "#bot/cards/whoami.ts";

const thread = "https://example.slack.com/archives/C0INCIDENTS/p1772452800000100";
const at = (minutes: number) => NOON + minutes * MINUTE;

const happenings: readonly Happening[] = [
  {
    id: "1",
    at: at(-400),
    kind: "landing",
    text: '9f1c2ab "feat: prices per region" by Ada Lovelace lands.',
    url: "https://github.com/acme/shop/commit/9f1c2ab",
  },
  { id: "2", at: at(-30), kind: "rollout", text: "Revision 8 of 9f1c2ab rolls out." },
  { id: "3", at: at(-20), kind: "autoscaler", text: "The autoscaler's bounds 3 to 100 become 3 to 4,000 by kubectl." },
  { id: "4", at: at(-12), kind: "replicas", text: "75 replicas, 2.5 times its usual 30." },
  { id: "5", at: at(-10), kind: "alert", text: "Opsgenie: CPU of shop/web is high" },
  { id: "6", at: at(-5), kind: "act", text: "Cap approved: Freeze the ceiling at 96.", by: "U0NINA, U0OTTO" },
  { id: "7", at: at(-4), kind: "act", text: "Cap done: The ceiling is 96; it was 4,000.", by: "U0NINA" },
];

const changes = [
  aLanding({ sha: aSha("one"), at: at(-100), message: "chore: bump the logger", author: { name: "Ines Conti" } }),
  aLanding({ sha: aSha("two"), at: at(-60), message: "feat: prices per region (#4211)" }),
  aLanding({ sha: aSha("three"), at: at(-50), repository: "acme/deploy", message: "web: 9f1c2ab" }),
  aRollout({ revision: 8, at: at(-30), commit: { sha: "9f1c2ab", from: "annotation" } }),
  anAutoscalerEdit({ at: at(-20), tool: "kubectl" }),
  aScaling({ at: at(-15) }),
  aConfigEdit({ at: at(-14), usedBy: [shopWebKey] }),
  aPoolChange({ at: at(-8), to: 14 }),
  aReport({ at: at(-3), by: "flagd", url: "https://flags.example/new-checkout" }),
];

const may = incidents.open.plan
  .filter(({ state }) => state === "ready")
  .map((step, index) => ({
    step,
    allowed: index === 0,
    breakGlass: false,
    text:
      index === 0
        ? 'The rule "shop" allows it, which names you; one person is enough.'
        : "No rule allows you to restart shop/web in prod.",
  }));
const seen = { at: NOON, nodes: 14, cores: 112, unready: 1, cordoned: 0, pendingPods: 3 };

function asked(text: string, answer: Answer): Golden["card"] {
  return dressed(answer, text);
}

/** What can be looked up, with the buttons under it. */
export const lookedUp: readonly Golden[] = [
  {
    name: "timeline-of",
    of: "renderHappenings",
    card: asked("timeline web", { card: renderHappenings(shopWebKey, happenings, NOON - 24 * HOUR, now) }),
  },
  {
    name: "timeline-of-nothing",
    of: "renderHappenings",
    card: asked("timeline web 1h", { card: renderHappenings(shopWebKey, [], NOON - HOUR, now) }),
  },
  {
    name: "changes",
    of: "renderChangeList",
    card: asked("changes", { card: renderChangeList(changes, NOON - 2 * HOUR, now) }),
  },
  {
    name: "changes-shared",
    of: "renderChangeList",
    card: shared({ card: renderChangeList(changes.slice(0, 2), NOON - 2 * HOUR, now) }, "changes", "U0NINA"),
  },
  {
    name: "changes-none",
    of: "renderChangeList",
    card: asked("changes", { card: renderChangeList([], NOON - 2 * HOUR, now) }),
  },
  {
    name: "choices-several",
    of: "renderChoices",
    card: asked("why gateway", {
      card: renderChoices("gateway", { kind: "several", keys: ["prod/edge/gateway", "prod/pay/gateway"] }),
      choices: [
        { label: "edge/gateway", ask: "why prod/edge/gateway" },
        { label: "pay/gateway", ask: "why prod/pay/gateway" },
      ],
      isPersonal: true,
    }),
  },
  { name: "choices-none", of: "renderChoices", card: renderChoices("zebra", { kind: "unknown", keys: [] }) },
  { name: "plan", of: "renderPlan", card: asked("plan", { card: renderPlan(incidents.open, now, { pressable: may, thread }) }) },
  {
    name: "plan-shared",
    of: "renderPlan",
    card: shared({ card: renderPlan(incidents.open, now, { pressable: undefined, thread }) }, "plan", "U0NINA"),
  },
  {
    name: "whoami-stopped",
    of: "renderWhoami",
    card: renderWhoami(
      "U0NINA",
      {
        grants: ['Every step on every workload of every cluster: the rule "all", which names you.'],
        stop: { by: "U0OTTO", at: at(-3), reason: "we move the database" },
        may: [
          {
            incident: incidents.open,
            steps: may.map((one) => ({ ...one, allowed: false, text: "All acts are stopped, for everybody." })),
          },
        ],
        openInAll: 1,
      },
      now,
    ),
  },
  {
    name: "nodes",
    of: "renderPools",
    card: asked("nodes", {
      card: renderPools(
        [{ cluster: "prod", seen, usual: 10, most: 12, born: { nodes: 4, since: at(-8) } }, { cluster: "test" }],
        now,
      ),
    }),
  },
  {
    name: "whoami",
    of: "renderWhoami",
    card: renderWhoami(
      "U0NINA",
      {
        grants: ['cap, lower on shop/* in prod: the rule "shop", which names you.'],
        stop: undefined,
        may: [
          { incident: incidents.open, steps: may },
          { incident: anIncident({ workload: { ...shopWeb, name: "search" } }), steps: [] },
        ],
        openInAll: 4,
      },
      now,
    ),
  },
];
