import { MINUTE, NOON, aDiagnosis, aLanding, aSha, aSituation, aStep, aSuspect, anIncident, shopWeb } from "#test/builders.ts";
import { describe, expect, test } from "vitest";
import type { Block } from "#bot/blocks.ts";
import type { Incident } from "#domain/incident.ts";
import { renderEvidence, renderMoreChanges } from "#bot/cards/evidence.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { renderTimeline } from "#bot/cards/timeline.ts";
import { refuseBlocks } from "#sim/slack/blocks/validate.ts";
import { toldIn } from "#domain/told.ts";
import { textsOf } from "./safe.ts";

/** A card's texts with Slack's date tokens replaced by their fallback, so that they can be read. */
function read(blocks: readonly Block[]): string[] {
  return textsOf(blocks).map((text) => text.replace(/<!date[^|]*\|([^>]*)>/g, "$1"));
}

const headline = (over: Partial<Incident> = {}) => read(renderHeadline(anIncident({ diagnosis, plan, ...over }), NOON).blocks);
const evidence = (over: Partial<Incident> = {}) => read(renderEvidence(anIncident({ diagnosis, plan, ...over })).blocks);
const landing = aLanding({
  sha: aSha(1),
  at: NOON - 20 * MINUTE,
  message: "Keep prices per region\n\nLong text",
  pullRequest: 12,
  filesTotal: 3,
});
const diagnosis = aDiagnosis({
  suspects: [aSuspect({ probability: 0.62, subject: { kind: "landing", landing } })],
  compareUrl: "https://github.com/acme/shop/compare/a...b",
  ownUrls: [{ path: "services/web", url: "https://github.com/acme/shop/commits/b/services/web" }],
  between: { all: 12, own: 1 },
});
const plan = [
  aStep(),
  aStep({ kind: "rollback", summary: "Go back to revision 7." }),
  aStep({ kind: "drain", state: "waiting", summary: "Give back 4 nodes.", waitingFor: "recovery" }),
];

describe("headline", () => {
  test("tells what was done beside the plan, and who did it, also where it may be pressed again", () => {
    const did = { kind: "restart", workload: shopWeb, uid: "u", templateHash: "hash8" } as const;
    const over = { id: "restart", kind: "restart", aside: "other", state: "ready" } as const;
    const restart = aStep({ ...over, summary: "Replace all pods.", did, outcome: "75 pods are replaced.", by: "U1", at: NOON });
    const told = (given: Partial<Incident>) => JSON.stringify(headline(given));
    const helped = { at: NOON + MINUTE, ok: false, text: "It is not well." };

    expect(told({ plan: [restart] })).toMatch(
      /:white_check_mark: \*1. Restart all pods\* 75 pods are replaced. Approved by <@U1>/,
    );
    expect(told({ plan: [{ ...restart, helped }] })).toContain("It has not helped. It is not well.");
    expect(told({ plan: [{ ...restart, at: NOON + 2 * MINUTE, helped }] })).not.toContain("It has not helped");
    expect(told({ plan: [aStep({ ...over })] })).not.toContain("*1. Restart all pods*");
  });

  test("says what is going on, what changed and what next", () => {
    expect(headline({ now: aSituation({ ceilingAt: NOON + 50 * MINUTE }) })).toMatchInlineSnapshot(`
      [
        "shop/web: 75 replicas, usually 30",
        ":red_circle: *Open* since 12:00 UTC · read at 12:00 UTC",
        "*What is going on*
      It is at *2.5 times* its usual count. It has been growing since 11:52 UTC.
      The autoscaler's ceiling is *4,000*, 133 times usual; at this rate it is reached in *50 min*, at 12:50 UTC.
      Ready 75/75 is not health: CPU per request is 3 times usual, latency is 3.5 times usual.",
        "Nodes 10 → 14, 3 pods pending · Latency 70 ms, usually 20 ms · CPU per request 30 ms, usually 10 ms · Requests 610/s, usually 600/s",
        "*What changed*
      *1. 62 %* <https://github.com/acme/shop/commit/71452d7baafbc8361946464466844a49c65236e3|71452d7> Keep prices per region
      Ada Lovelace · landed at 11:40 UTC, 12 min before the climb · 3 files · <https://github.com/acme/shop/pull/12|#12>",
        "<https://github.com/acme/shop/compare/a...b|All that came with it> · 12 changes looked at · the evidence for and against is in the thread",
        "*What next*
      :point_right: *1. Cap* Freeze the autoscaler's ceiling.
      :point_right: *2. Roll back* Go back to revision 7.
      :hourglass_flowing_sand: *3. Scale down nodes* Give back 4 nodes. _Waits for_ recovery.",
        "Cap…",
        "Roll back…",
      ]
    `);
  });

  test("how long it takes to the ceiling is said, and when that is", () => {
    const at = NOON - MINUTE;
    expect(headline({ now: aSituation({ at, ceilingAt: NOON + 6 * MINUTE }) }).join()).toContain(
      "at this rate it is reached in *7 min*, at 12:06 UTC.",
    );
  });

  test("a ceiling that has been reached is said", () =>
    expect(headline({ now: aSituation({ desired: 4000 }) }).join()).toContain(
      "The autoscaler's ceiling is *4,000*, 133 times usual; it has been reached.",
    ));

  test("ready pods are not called health when each request costs more", () =>
    expect(headline().join()).toContain(
      "Ready 75/75 is not health: CPU per request is 3 times usual, latency is 3.5 times usual.",
    ));

  test("no suspect is an answer, with its reasons and no rank", () => {
    const none = {
      ...diagnosis,
      named: false,
      none: 0.8,
      noneEvidence: [{ kind: "traffic", for: true, weight: 2, text: "Requests rose as much as replicas." }],
    };
    const said = headline({ diagnosis: none });
    expect(said.filter((text) => text.includes("*No suspect.*"))).toEqual([
      "*What changed*\n*No suspect.* None of the 12 changes looked at stands out. The chance that no change did it is 80 %.\n+ Requests rose as much as replicas.",
    ]);
    expect(said.join()).not.toMatch(/\*1\. \d/);
  });

  test("says a pull request's number, and how soon the climb came, once each", () => {
    const merged = aLanding({ message: "Keep prices per region (#12)", pullRequest: 12 });
    const reasons = [
      { kind: "in-rollout", for: true, weight: 2, text: "It came with revision 8, 4 minutes before the climb." },
      { kind: "delay", for: true, weight: 1, text: "The climb began within 4 minutes of its rollout." },
    ];
    const suspects = [aSuspect({ evidence: reasons, subject: { kind: "landing", landing: merged } })];
    const over = { diagnosis: { ...diagnosis, suspects } };
    expect(headline(over).join("\n").match(/#12/g)).toHaveLength(1);
    const said = evidence(over).join("\n");
    expect(said.match(/#12/g)).toHaveLength(1);
    expect(said).toContain("It came with revision 8");
    expect(said).not.toContain("within 4 minutes");
  });

  test("names the first suspect only; the others, and what speaks for and against each, stand in the thread", () => {
    const against = { kind: "docs-only", for: false, weight: 2, text: "It changes documents only." };
    const other = aLanding({ message: "Mend a typo" });
    const second = aSuspect({ probability: 0.2, subject: { kind: "landing", landing: other }, evidence: [against] });
    const looked = [{ at: NOON - 20 * MINUTE, text: "a1b2c3d <!channel> Mend a typo" }];
    const over = { diagnosis: { ...diagnosis, suspects: [...diagnosis.suspects, second], looked } };
    const told = headline(over).join("\n");
    expect(told).toContain("Keep prices per region");
    expect(told).not.toContain("Mend a typo");
    expect(told).not.toContain("It is in the rollout");
    expect(told).toContain("1 other suspect and the evidence for and against are in the thread");
    const said = evidence(over).join("\n");
    expect(said).toMatch(/\*1\.\* 62 % · .*Keep prices per region/);
    expect(said).toContain("+ It is in the rollout of revision 8");
    expect(said).toMatch(/\*2\.\* 20 % · .*Mend a typo/);
    expect(said).toContain("− It changes documents only.");
    expect(said).toContain("11:40 UTC a1b2c3d &lt;!channel&gt; Mend a typo\n_and 11 older ones_");
  });

  test("every change that was looked at stands in the thread once, over as many messages as it takes", () => {
    const said = (many: number, kept: number, text: string) => {
      const looked = Array.from({ length: kept }, (_, index) => ({ at: NOON - index * MINUTE, text: `${text} ${index}.` }));
      const incident = anIncident({ diagnosis: { ...diagnosis, candidates: many, looked } });
      const cards = [renderEvidence(incident), ...renderMoreChanges(incident)];
      expect(cards.map(({ blocks }) => refuseBlocks(blocks)).filter(Boolean)).toEqual([]);
      return { messages: cards.length, words: cards.flatMap(({ blocks }) => read(blocks)).join("\n") };
    };
    const each = (kept: number, text: string) => Array.from({ length: kept }, (_, index) => `UTC ${text} ${index}.`);
    const few = said(60, 60, "A change");
    expect(few.messages).toBe(1);
    expect(few.words.match(/UTC A change \d+\./g)).toEqual(each(60, "A change"));
    expect(few.words).not.toContain("older ones");
    const text = "A long change".padEnd(100, "x");
    const many = said(317, 300, text);
    expect(many.messages).toBeGreaterThan(2);
    expect(many.words.match(/UTC A long changex+ \d+\./g)).toEqual(each(300, text));
    expect(many.words.match(/_and 17 older ones_/g)).toHaveLength(1);
  });

  test("shows the picture where there is one, with its words, also once it is over", () => {
    const picture = { fileId: "F1", alt: "Timeline in words", drawnAt: NOON };
    const images = (over: Partial<Incident>) =>
      renderHeadline(anIncident({ diagnosis, plan, ...over }), NOON).blocks.filter(({ type }) => type === "image");
    expect(images({})).toEqual([]);
    const { blocks } = renderHeadline(anIncident({ diagnosis, plan, picture }), NOON);
    // Words and buttons first: they are what a phone shows at once.
    expect(blocks.findIndex(({ type }) => type === "image")).toBeGreaterThan(blocks.findIndex(({ type }) => type === "actions"));
    const [first] = images({ picture });
    expect(first).toMatchObject({ slack_file: { id: "F1" }, alt_text: "Timeline in words" });
    expect(images({ picture, status: "settled", settledAt: NOON })).toHaveLength(1);
  });

  test("what has failed and may be pressed again comes after the next step", () => {
    const failed = aStep({ state: "failed", outcome: "The API server did not answer." });
    const { text, blocks } = renderHeadline(
      anIncident({ diagnosis, plan: [failed, aStep({ id: "back", kind: "rollback" })] }),
      NOON,
    );
    const [row] = blocks.filter(({ type }) => type === "actions");
    expect(row).toMatchObject({ elements: [{ action_id: "step:rollback", style: "primary" }, { action_id: "step:cap" }] });
    expect(text).toContain("Next: Roll back.");
  });

  test("what may be done beside a plan that has no steps has its list all the same", () => {
    const { blocks } = renderHeadline(anIncident({ plan: [aStep({ id: "restart", kind: "restart", aside: "other" })] }), NOON);
    expect(read(blocks)).toContain("*What next*\nNo step is planned.");
    expect(JSON.stringify(blocks)).toContain('"action_id":"step-aside"');
  });

  test("what takes away what no button brings back is red, the next step else green", () => {
    const kinds = ["migrate", "rollback", "drain"] as const;
    const { blocks } = renderHeadline(anIncident({ diagnosis, plan: kinds.map((kind) => aStep({ id: kind, kind })) }), NOON);
    const styles = blocks
      .flatMap((block) => (block.type === "actions" ? block.elements : []))
      .map((one) => "style" in one && one.style);
    expect(styles).toEqual(["danger", false, "danger"]);
  });

  test("nobody is surer than 99 %", () =>
    expect(headline({ diagnosis: { ...diagnosis, suspects: [aSuspect({ probability: 0.9999 })] } }).join()).toContain(
      "*1. 99 %*",
    ));

  test("a cap is not urged where no change is named: it may be traffic", () => {
    const { blocks } = renderHeadline(anIncident({ plan: [aStep()], diagnosis: { ...diagnosis, named: false } }), NOON);
    const [button] = blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
    expect(button).toMatchObject({ action_id: "step:cap" });
    expect(button).not.toHaveProperty("style");
  });

  test("only steps that may be pressed have a button, and the first is the one to press", () => {
    const { blocks } = renderHeadline(
      anIncident({ plan: [aStep({ state: "done" }), aStep({ id: "r", kind: "rollback" }), aStep({ id: "d", kind: "drain" })] }),
      NOON,
    );
    const [actions] = blocks.filter(({ type }) => type === "actions");
    expect(actions).toMatchObject({
      elements: [
        { action_id: "step:rollback", style: "primary", value: '{"incident":"inc-0123456789ab","step":"r","title":"Roll back"}' },
        {
          action_id: "step:drain",
          style: "danger",
          value: '{"incident":"inc-0123456789ab","step":"d","title":"Scale down nodes"}',
        },
      ],
    });
  });

  test.each([
    ["open", ":red_circle: *Open* since 12:00 UTC"],
    ["mitigated", ":large_orange_circle: *Mitigated* since 12:00 UTC"],
    ["recovered", ":large_yellow_circle: *Recovered* since 12:00 UTC"],
    ["settled", ":large_green_circle: *Settled* at 12:00 UTC"],
  ] as const)("the state stands in a context block: %s", (status, text) => {
    const { blocks } = renderHeadline(anIncident({ status, mitigatedAt: NOON, recoveredAt: NOON, settledAt: NOON }), NOON);
    expect(read(blocks.filter(({ type }) => type === "context"))[0]).toMatch(text);
  });

  test("a count that only its ceiling holds is not called a success", () => {
    const state = (over: Partial<Incident>) =>
      headline({ status: "mitigated", mitigatedAt: NOON, now: aSituation({ desired: 4000 }), ...over })[1];
    expect(state({})).toContain("*Mitigated* since 12:00 UTC, only because its ceiling of 4,000 is reached");
    expect(state({ plan: [aStep({ state: "done" })] })).not.toContain("only because");
    expect(state({ now: aSituation({ desired: 96 }) })).not.toContain("only because");
  });

  test("when it is over it calls nobody, whoever was called before: Slack may take its first message only then", () => {
    const told = {
      ...toldIn("C0INCIDENTS"),
      onCall: [{ id: "S0OPS", name: "S0OPS" }],
      author: { id: "U0ADA", name: "Ada", suspect: "x" },
      owners: [{ id: "U0OTTO", name: "Otto" }],
    };
    const calls = (status: Incident["status"]) =>
      JSON.stringify(renderHeadline(anIncident({ status, settledAt: NOON, diagnosis, plan }), NOON, told)).match(/<@|<!subteam/g);
    expect(calls("open")).toHaveLength(6);
    expect(calls("settled")).toBeNull();
  });

  test("when it is over it is short: what happened, how long, who did what", () => {
    const done = plan.map((step) => ({ ...step, state: "done" as const, by: "U0NINA", at: NOON + MINUTE, outcome: "Done." }));
    const over = {
      status: "settled" as const,
      plan: done,
      mitigatedAt: NOON + 4 * MINUTE,
      recoveredAt: NOON + 15 * MINUTE,
      settledAt: NOON + 32 * MINUTE,
      peak: { replicas: 96, nodes: 14 },
      now: aSituation({ desired: 31 }),
    };
    expect(headline(over)).toMatchInlineSnapshot(`
      [
        ":white_check_mark: shop/web is back at 31 replicas",
        ":large_green_circle: *Settled* at 12:32 UTC",
        "From 11:52 UTC \`shop/web\` grew from 30 to 96 replicas, and the cluster from 10 to 14 nodes.
      First suspect, 62 %: <https://github.com/acme/shop/commit/71452d7baafbc8361946464466844a49c65236e3|71452d7> Keep prices per region · Ada Lovelace",
        "*Began* 11:52 UTC · *Noticed* 12:00 UTC · *Mitigated* 12:04 UTC (after 4 min) · *Recovered* 12:15 UTC (after 15 min) · *Settled* 12:32 UTC (after 32 min) · *Peak* 96 replicas, 14 nodes",
        ":white_check_mark: *1. Cap* Done. Approved by <@U0NINA> at 12:01 UTC.
      :white_check_mark: *2. Roll back* Done. Approved by <@U0NINA> at 12:01 UTC.
      :white_check_mark: *3. Scale down nodes* Done. Approved by <@U0NINA> at 12:01 UTC.",
        "That was it",
        "That was not it",
      ]
    `);
  });
});

describe("over, after many acts", () => {
  const acts = (outcome: string) =>
    Array.from({ length: 14 }, (_, index) =>
      aStep({ id: `act-${index}`, state: "done", at: NOON + ((index * 5) % 14) * MINUTE, outcome: `${outcome} ${index}.` }),
    );
  const shown = (outcome: string) =>
    headline({ status: "settled", settledAt: NOON, plan: acts(outcome) })
      .join("\n")
      .match(/Done \d+\.|.*acts before.*/g);

  test("it tells all of them", () => {
    expect(shown("Done")).toHaveLength(14);
  });

  test("of very many words it tells the newest, and how many there were before", () => {
    const told = shown(`${"word ".repeat(45)}Done`) ?? [];
    expect(told[0]).toMatch(/^_\d acts before: the thread has each._$/);
    expect(told).toContain("Done 11.");
    expect(told).not.toContain("Done 0.");
  });
});

test("a long timeline keeps its beginning and its end", () => {
  const timeline = Array.from({ length: 400 }, (_, index) => ({
    id: String(index),
    at: NOON + index * MINUTE,
    kind: "replicas" as const,
    text: `${30 + index} replicas`,
  }));
  const lines = read(renderTimeline(anIncident({ timeline })).blocks)
    .join("\n")
    .split("\n");
  expect(lines[1]).toBe("12:00 UTC  :chart_with_upwards_trend: 30 replicas");
  expect(lines.at(-1)).toContain("429 replicas");
  expect(lines.filter((line) => /^… \d+ entries left out …$/.test(line))).toHaveLength(1);
});
