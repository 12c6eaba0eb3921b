import { HOUR, MINUTE, NOON, aSituation, anIncident, shopWebKey } from "#test/builders.ts";
import { renderFollowAnswer, renderSilenceAnswer, renderSilences, renderSubscriptions } from "#bot/cards/quiet.ts";
import { renderStorm, renderStormCall } from "#bot/cards/storm.ts";
import type { Golden } from "./golden.ts";
import type { StormView } from "#domain/storm.ts";
import { goldenNow as now, incidents } from "./incidents.ts";
import { renderDirect } from "#bot/cards/direct.ts";
import { renderHeadline } from "#bot/cards/headline.ts";

const names = ["web", "cart", "checkout", "search", "prices", "mail", "images", "orders"];
const many = names.map((name, index) =>
  anIncident({
    id: `inc-${name}`,
    workload: { cluster: "prod", namespace: "shop", kind: "Deployment", name },
    now: aSituation({ desired: 60 + 10 * index }),
    status: index === 2 ? "settled" : "open",
  }),
);
const storm: StormView = {
  id: "storm-C0INCIDENTS-1",
  channel: "C0INCIDENTS",
  startedAt: NOON - 4 * MINUTE,
  called: [{ id: "S0OPS", name: "S0OPS" }],
  incidents: [...many, incidents.failing],
  shared: [
    { kind: "change", name: "9f1c2ab feat: change data structure", count: 6, of: 9 },
    { kind: "node-pool", name: "blue", count: 7, of: 9 },
    { kind: "namespace", name: "prod/shop", count: 9, of: 9 },
  ],
};
const silence = {
  byName: "Nina Abel",
  pattern: "prod/shop/*",
  from: NOON,
  until: NOON + 2 * HOUR,
  by: "U0NINA",
  reason: "A load test of the new shop",
};
const nights = { timeZone: "Europe/Berlin", from: 22 * 60, to: 7 * 60, days: [0, 1, 2, 3, 4, 5, 6] };
const thread = { channel: "C0INCIDENTS", ts: "1772452800.000100" };
const addressOf = () => "https://example.slack.com/archives/C0INCIDENTS/p1772452800000100";
const direct = (name: string, news: Parameters<typeof renderDirect>[0]): Golden => ({
  name,
  of: "renderDirect",
  card: renderDirect(news, now, addressOf),
});

/** What is said of many incidents, to one person, and about being told. */
export const quieter: readonly Golden[] = [
  { name: "storm", of: "renderStorm", card: renderStorm(storm, NOON) },
  {
    name: "storm-over",
    of: "renderStorm",
    card: renderStorm({ ...storm, overAt: NOON + 9 * MINUTE, shared: [] }, NOON + 9 * MINUTE),
  },
  { name: "storm-call", of: "renderStormCall", card: renderStormCall(many.slice(0, 2), storm.called) },
  {
    name: "headline-silenced",
    of: "renderHeadline",
    card: renderHeadline({ ...incidents.unnamed, telling: { toldAt: now, silenced: silence, callsNobody: "quiet-hours" } }, now),
  },
  direct("direct-opened", { kind: "opened", about: { incident: incidents.open, thread } }),
  direct("direct-settled", { kind: "settled", about: { incident: incidents.settled, thread } }),
  direct("direct-digest", {
    kind: "digest",
    open: [{ incident: incidents.open, thread }, { incident: incidents.failing }],
    settled: [{ incident: incidents.settled, thread }],
    until: NOON,
  }),
  direct("direct-storm", { kind: "storm", storm, incidents: many.slice(0, 2), thread }),
  {
    name: "silence",
    of: "renderSilenceAnswer",
    card: renderSilenceAnswer({ kind: "set", silence, workloads: 12 }, "U0NINA", now),
  },
  {
    name: "silence-off",
    of: "renderSilenceAnswer",
    card: renderSilenceAnswer({ kind: "off", pattern: "prod/shop/*", was: true }, "U0NINA", now),
  },
  { name: "silences", of: "renderSilences", card: renderSilences([silence, { ...silence, pattern: shopWebKey }], now) },
  { name: "silences-none", of: "renderSilences", card: renderSilences([], now) },
  {
    name: "subscribe",
    of: "renderFollowAnswer",
    card: renderFollowAnswer({ kind: "follows", pattern: "shop/*", workloads: 12 }),
  },
  {
    name: "unsubscribe",
    of: "renderFollowAnswer",
    card: renderFollowAnswer({ kind: "unfollows", pattern: shopWebKey, was: true }),
  },
  {
    name: "subscriptions",
    of: "renderSubscriptions",
    card: renderSubscriptions({ user: "U0NINA", patterns: [shopWebKey, "mail/*"], quiet: nights }),
  },
  { name: "subscriptions-none", of: "renderSubscriptions", card: renderSubscriptions(undefined) },
];
