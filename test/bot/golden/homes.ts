import type { Golden } from "./golden.ts";
import { goldenNow as now, incidents } from "./incidents.ts";
import type { Home } from "#domain/ports/home.ts";
import { HOUR, MINUTE, SECOND } from "#test/builders.ts";
import { renderHome } from "#bot/cards/home.ts";

const watchers: Home["watchers"] = [
  { name: "Redis", state: "well", text: "it answers" },
  { name: "Cluster prod", state: "well", until: now - 12 * SECOND },
  { name: "Cluster staging", state: "late", until: now - 3 * MINUTE },
  { name: "GitHub acme/shop", state: "well", text: "the newest known commit of main is 9f1c2ab" },
  { name: "Prometheus", state: "away", text: "Prometheus does not answer." },
  { name: "Slack", state: "well", text: "it takes what is said" },
];
const may = [
  'cap, lower on shop/* in prod: the rule "shop", which names you; one person is enough.',
  'rollback on shop/* in prod: the rule "shop", which names you.',
];
const thread = "https://example.slack.com/archives/C0INCIDENTS/p1772452800000100";
const page: Home = {
  may,
  watchers,
  told: {
    open: [incidents.open, { ...incidents.failing, openedAt: now - HOUR }].map((incident) => ({ incident })),
    mine: [{ workload: "prod/shop/web", why: "your change is suspected" }],
    follows: ["shop/*", "pay"],
    accuracy: { judged: 12, first: 9, among: 11, sure: 8, sureRight: 7 },
  },
};
const calm = { open: [], mine: [], follows: [], accuracy: { judged: 0, first: 0, among: 0, sure: 0, sureRight: 0 } };
const [redis, ...others] = watchers.map((one) => ({ ...one, state: "away" as const, text: "not known while Redis is away" }));

/** The app's own page. */
export const homes: readonly Golden[] = [
  { name: "home-open", of: "renderHome", card: renderHome(page, now, () => thread) },
  {
    name: "home-calm",
    of: "renderHome",
    card: renderHome({ may, watchers: watchers.slice(0, 2), told: calm }, now, () => undefined),
  },
  {
    name: "home-without-redis",
    of: "renderHome",
    card: renderHome({ may, watchers: [...(redis ? [redis] : []), ...others.slice(0, 2)] }, now, () => undefined),
  },
];
