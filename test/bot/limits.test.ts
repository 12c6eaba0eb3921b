import { describe, expect, test } from "vitest";
import { nasty, nastyIncident, nastyPreview, nastyTold, randomFrom } from "./nasty.ts";
import { refuseBlocks, refuseView } from "#sim/slack/blocks/validate.ts";
import type { Card } from "#bot/blocks.ts";
import { NOON, aDiagnosis, aLanding, aSha, aStep, aSuspect, shopWeb } from "#test/builders.ts";
import { renderAudit } from "#bot/cards/audit-list.ts";
import { renderClosing } from "#bot/cards/closing.ts";
import { renderEvidence } from "#bot/cards/evidence.ts";
import { renderExplanation } from "#bot/cards/explanation.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { renderIncidentList } from "#bot/cards/incident-list.ts";
import { renderPreviewModal } from "#bot/cards/preview-modal.ts";
import { renderReply } from "#bot/cards/reply.ts";
import { renderDirect } from "#bot/cards/direct.ts";
import { renderSilenceAnswer, renderSilences, renderSubscriptions } from "#bot/cards/quiet.ts";
import { renderStorm, renderStormCall } from "#bot/cards/storm.ts";
import { renderTimeline } from "#bot/cards/timeline.ts";
import { strays } from "./safe.ts";

/** Twenty looks at a climb. */
const samplesOf = (to: number) =>
  Array.from({ length: 20 }, (_, index) => ({ at: to - (19 - index) * 60_000, replicas: 30 * (index + 1), nodes: 10 + index }));

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

/** What Slack, or a person, would not take about a card. */
function wrongWith(card: Card): unknown[] {
  const { length } = JSON.stringify(card.blocks);
  return [
    ...[refuseBlocks(card.blocks)].filter((refusal) => refusal !== undefined),
    ...(length < 12_000 ? [] : [`${length} characters`]),
    ...(card.blocks.length <= 45 ? [] : [`${card.blocks.length} blocks`]),
    ...(card.text.length > 0 && card.text.length < 3_000 ? [] : [`text of ${card.text.length} characters`]),
    ...strays([card.blocks, { text: card.text }]),
  ];
}

describe("whatever is foreign, Slack takes it and nobody is called", () => {
  test.each(seeds)("headline and timeline, seed %i", (seed) => {
    const incident = nastyIncident(randomFrom(seed));
    expect(wrongWith(renderHeadline(incident, NOON, nastyTold(randomFrom(seed))))).toEqual([]);
    expect(wrongWith(renderHeadline({ ...incident, status: "settled" }, NOON))).toEqual([]);
    const drawn = { samples: samplesOf(incident.now.at), chart: "auto" } as const;
    expect(wrongWith(renderHeadline(incident, NOON, nastyTold(randomFrom(seed)), drawn))).toEqual([]);
    expect(wrongWith(renderHeadline({ ...incident, status: "settled" }, NOON, undefined, drawn))).toEqual([]);
    expect(wrongWith(renderTimeline(incident))).toEqual([]);
    expect(wrongWith(renderEvidence(incident))).toEqual([]);
  });

  test.each(seeds.slice(0, 10))("answers and replies, seed %i", (seed) => {
    const random = randomFrom(seed);
    const incidents = Array.from({ length: 14 }, () => nastyIncident(random, 20));
    const texts = () => Array.from({ length: 20 }, () => nasty(random));
    const records = Array.from({ length: 20 }, (_, seq) => ({
      seq,
      previous: "",
      hash: "",
      at: NOON,
      what: nasty(random) as "done",
      by: nasty(random),
      incidentId: nasty(random),
      stepId: nasty(random),
      on: `prod/${nasty(random)}`,
      text: nasty(random, 200),
    }));
    expect(wrongWith(renderAudit(records, NOON, nasty(random)))).toEqual([]);
    expect(wrongWith(renderAudit([], NOON, nasty(random)))).toEqual([]);
    expect(wrongWith(renderIncidentList(incidents, NOON, () => "https://example.slack.com/archives/C1/p1"))).toEqual([]);
    expect(wrongWith(renderExplanation(nasty(random), { kind: "unknown", similar: texts() }, { now: NOON }))).toEqual([]);
    expect(
      wrongWith(
        renderExplanation(
          "x",
          {
            kind: "calm",
            workload: "w".repeat(400),
            desired: 30,
            ready: 30,
            usual: 28,
            ceiling: 4000,
            floor: 3,
            recent: texts(),
          },
          { now: NOON },
        ),
      ),
    ).toEqual([]);
    for (const incident of incidents.slice(0, 3))
      expect(wrongWith(renderExplanation("x", { kind: "incident", incident }, { now: NOON }))).toEqual([]);
    expect(wrongWith(renderReply({ text: texts().join("\n"), mention: ["U0NINA", "<!here>"] }))).toEqual([]);
  });

  test.each(seeds.slice(0, 5))("storms, direct messages and silences, seed %i", (seed) => {
    const random = randomFrom(seed);
    const incidents = Array.from({ length: 60 }, () => nastyIncident(random, 20));
    const heard = incidents.map((incident) => ({ incident, thread: { channel: nasty(random), ts: nasty(random) } }));
    const kinds = ["change", "node-pool", "image", "quota", "trouble", "namespace", "cluster"] as const;
    const shared = kinds.map((kind) => ({ kind, name: nasty(random), count: 80, of: 120 }));
    const called = Array.from({ length: 20 }, () => ({ name: nasty(random) }));
    const storm = { id: "storm-1", channel: "C0INCIDENTS", startedAt: NOON, called, incidents, shared };
    const silence = { pattern: nasty(random), from: NOON, until: NOON, by: nasty(random), reason: nasty(random) };
    const card = renderStorm(storm, NOON);
    // Ours: a channel is named by its id.
    const direct = { ...storm, channel: "C0" };
    const cards = [
      card,
      renderStorm({ ...storm, overAt: NOON, incidents: [] }, NOON),
      renderStormCall(incidents, called),
      renderDirect(
        { kind: "digest", open: heard, settled: heard, until: NOON },
        NOON,
        () => "https://example.slack.com/archives/C1/p1",
      ),
      ...heard.slice(0, 5).map((about) => renderDirect({ kind: "opened", about }, NOON, () => undefined)),
      renderSilences(
        Array.from({ length: 200 }, () => silence),
        NOON,
      ),
      renderSilenceAnswer({ kind: "set", silence, workloads: 3 }, nasty(random), NOON),
      renderSilenceAnswer({ kind: "refused", text: `No. ${nasty(random)}` }, "U0NINA", NOON),
      renderSubscriptions({ user: "U0NINA", patterns: Array.from({ length: 20 }, () => nasty(random)) }),
    ];
    for (const one of cards) expect(wrongWith(one)).toEqual([]);
    expect(refuseBlocks(renderDirect({ kind: "storm", storm: direct, incidents }, NOON, () => undefined).blocks)).toBeUndefined();
    expect(JSON.stringify(card.blocks)).toContain("more are not in the table");
  });

  test.each(seeds.slice(0, 10))("modals, seed %i", (seed) => {
    const random = randomFrom(seed);
    const incident = nastyIncident(random);
    const views = [
      renderPreviewModal(
        incident,
        aStep({ kind: "rollback" }),
        { kind: "preview", preview: nastyPreview(random) },
        { now: NOON, viewer: { user: "U0NINA", allowed: false, text: nasty(random), firstYes: "U0NINA", breakGlass: true } },
      ),
      renderPreviewModal(incident, aStep({ kind: "drain" }), { kind: "refused", text: nasty(random) }, { now: NOON }),
      // Titles are our own: never empty.
      renderClosing(`Oh ${nasty(random)}`, ":x:", nasty(random, 2_000)),
    ];
    for (const view of views.slice(0, 2)) expect(strays(view)).toEqual([]);
    for (const view of views) expect(refuseView(view)).toBeUndefined();
  });
});

test("3 MB of message and 3,000 files are cut", () => {
  const incident = nastyIncident(randomFrom(7), 2_000);
  expect(wrongWith(renderHeadline({ ...incident, status: "open" }, NOON))).toEqual([]);
});

test.each(["x", '"', "&", "<"])("the longest of everything, made of %j, still fits", (sign) => {
  const long = sign.repeat(3_000);
  const incident = nastyIncident(randomFrom(1));
  const evidence = Array.from({ length: 12 }, (_, index) => ({ kind: "kind", for: index % 2 === 0, weight: 1, text: long }));
  const landing = aLanding({
    author: { name: long },
    message: long,
    url: `https://a.example/${"x".repeat(200)}/commit/${aSha(1)}`,
    sha: aSha(1),
    pullRequest: 1,
    repository: `${"x".repeat(200)}/y`,
  });
  const suspects = [0.4, 0.3, 0.2].map((probability) =>
    aSuspect({ probability, evidence, subject: { kind: "landing", landing } }),
  );
  const migrations = Array.from({ length: 3_000 }, () => long);
  const card = renderHeadline(
    {
      ...incident,
      status: "open",
      workload: { ...shopWeb, name: "w".repeat(253) },
      diagnosis: aDiagnosis({
        suspects,
        compareUrl: `https://a.example/${"y".repeat(250)}`,
        ownUrls: Array.from({ length: 2 }, () => ({ path: long, url: `https://a.example/${"y".repeat(250)}` })),
        rollbackSafety: {
          verdict: "fix-forward",
          migrations,
          reason: long,
          statements: migrations.map((path) => ({ path, text: long, destructive: true })),
        },
      }),
      plan: incident.plan.map((step) => ({ ...step, summary: long, waitingFor: long, outcome: long })),
    },
    NOON,
    { ...nastyTold(() => 0.5), owners: Array.from({ length: 30 }, () => ({ name: long })), onCallNote: long },
    { samples: samplesOf(incident.now.at), chart: "auto" },
  );
  expect(wrongWith(card)).toEqual([]);
});
