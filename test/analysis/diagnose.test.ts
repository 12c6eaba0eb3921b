import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change.ts";
import type { SuspectSubject } from "#domain/diagnosis.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { noSignals } from "#domain/sample.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
  aFile,
  aLanding,
  aRollout,
  aSpike,
  anAlert,
  anOwnership,
  someSignals,
} from "#test/builders.ts";
import { anInput, chained, dearer, jitter, olderParts, shipped, traffic } from "./stories.ts";

const total = (diagnosis: ReturnType<typeof diagnose>) =>
  diagnosis.suspects.reduce((sum, suspect) => sum + suspect.probability, diagnosis.none + (diagnosis.others ?? 0));
const bad = (rolledOutAt: number, revision: number, over = {}) =>
  shipped("Keep orders in another form", rolledOutAt - 20 * MINUTE, rolledOutAt, revision, {
    files: [
      aFile("services/web/src/orders.ts", { patch: "+for (const order of orders) {}" }),
      aFile("services/web/db/migrate/20260302_orders.sql"),
    ],
    ...over,
  });

const read = aFile("services/web/src/orders.ts", { patch: "+for (const order of orders) {}" });

describe("a runaway commit, and a harmless rollout after it", () => {
  const guilty = bad(NOON - 10 * MINUTE, 7);
  const harmless = shipped("Harmless text", NOON - 5 * MINUTE, NOON - 2 * MINUTE, 8);
  const changes = [...traffic(), ...chained([...olderParts(), guilty, harmless])];
  const diagnosis = diagnose(anInput({ changes, signals: dearer(NOON - 9 * MINUTE, 6) }));

  it("names the commit", () => {
    expect(diagnosis.named).toBe(true);
    expect(diagnosis.suspects[0]).toMatchObject({ id: guilty.landing.id });
    expect(diagnosis.suspects[0]!.probability).toBeGreaterThan(0.6);
    expect(total(diagnosis)).toBeCloseTo(1, 9);
  });

  it("goes back before the commit, not before the last rollout", () => {
    expect(diagnosis.rollout?.revision).toBe(7);
    expect(diagnosis.goodRevision).toEqual({ revision: 6, templateHash: "hash6" });
  });

  it("warns of the migration that nobody has read yet", () => {
    expect(diagnosis.rollbackSafety).toMatchObject({
      verdict: "unknown",
      migrations: ["services/web/db/migrate/20260302_orders.sql"],
      unread: [guilty.landing.id],
    });
  });

  it("dates the climb within two minutes, and says minutes in its reasons", () => {
    expect(Math.abs(diagnosis.onsetAt - (NOON - 9 * MINUTE))).toBeLessThanOrEqual(2 * MINUTE);
    expect(diagnosis.suspects[0]!.evidence.map((one) => one.kind)).toEqual(
      expect.arrayContaining(["in-rollout", "touches-service", "exact-image", "schema", "hot-code"]),
    );
    expect(diagnosis.suspects[0]!.evidence.find((one) => one.kind === "in-rollout")?.text).toMatch(
      /revision 7.*minutes? before the climb began/,
    );
    expect(diagnosis.noneEvidence).toMatchObject([{ kind: "cost-rose", for: false }]);
  });

  it("links the comparison of what ran before with what runs now", () => {
    const before = olderParts()[2]!.rollout.commit!.sha;
    const after = harmless.rollout.commit!.sha;
    expect(diagnosis.compareUrl).toBe(`https://github.com/acme/shop/compare/${before}...${after}`);
    expect(diagnosis.ownUrls).toEqual([
      {
        path: "services/web",
        url: expect.stringMatching(new RegExp(`/commits/${after}/services/web\\?since=2026-\\d\\d-\\d\\d$`)),
      },
    ]);
    const landed = changes.filter(
      ({ kind, at }) => kind === "landing" && at > olderParts()[2]!.landing.at && at <= harmless.landing.at,
    );
    expect(diagnosis.between).toEqual({ all: landed.length, own: 2 });
    expect(landed.length).toBeGreaterThan(50);
  });

  it("says the same with GitHub's ranges, without Prometheus, and with the landings of one rollout mixed", () => {
    const rangeOf = { [guilty.rollout.id]: [guilty.landing.sha, aLanding().sha], [harmless.rollout.id]: [harmless.landing.sha] };
    expect(diagnose(anInput({ changes, rangeOf })).suspects[0]!.id).toBe(guilty.landing.id);
    const early = aSpike({ startedAt: NOON - 4 * MINUTE });
    expect(diagnose(anInput({ changes, signals: noSignals, spike: early })).suspects[0]!.id).toBe(guilty.landing.id);
  });

  it.each([0, 1, 2, 3])(
    "names it also when the harmless rollout follows after two minutes, and code spreads pod by pod (%i)",
    (seed) => {
      const from = NOON - 9 * MINUTE - seed * 11 * SECOND;
      const first = bad(from, 7);
      const second = shipped("Harmless text", from - MINUTE, from + 2 * MINUTE, 8);
      const share = (at: number) => Math.min(1, Math.max(0, (at - from - 20 * SECOND) / (80 * SECOND)));
      const cost = (at: number) =>
        0.01 * jitter(at + seed) * (1 + share(at) * (2 ** (Math.max(0, at - from) / ((4 + seed * 0.7) * MINUTE)) - 1));
      const diagnosis = diagnose(
        anInput({ changes: [...traffic(), ...chained([...olderParts(), first, second])], signals: someSignals({ cost }) }),
      );
      expect(diagnosis.suspects[0]!.id).toBe(first.landing.id);
      expect(diagnosis).toMatchObject({ named: true, goodRevision: { revision: 6 } });
    },
  );

  it("an unread diff stays at a half", () => {
    const unread = bad(NOON - 10 * MINUTE, 7, { files: [aFile("services/web/src/orders.ts")] });
    const { suspects, named } = diagnose(anInput({ changes: [...traffic(), ...chained([...olderParts(), unread, harmless])] }));
    expect(suspects[0]).toMatchObject({ id: unread.landing.id, probability: 0.5 });
    expect(suspects[0]!.evidence.some((one) => one.kind === "unread")).toBe(true);
    expect(named).toBe(true);
  });

  it.each([
    [
      "one of three files",
      { files: [read, aFile("services/web/src/b.ts"), aFile("services/web/src/c.ts")] },
      "only 1 of 3 files",
    ],
    ["a list that was cut", { files: [read], filesTotal: 40 }, "only 1 of 40 files"],
    ["documentation alone", { files: [aFile("services/web/src/a.ts"), aFile("docs/a.md", { patch: "+a" })] }, "was not read"],
  ])("so does one of which little was read: %s", (_what, over, sentence) => {
    const part = bad(NOON - 10 * MINUTE, 7, over);
    const { suspects } = diagnose(anInput({ changes: [...traffic(), ...chained([...olderParts(), part])] }));
    expect(suspects[0]).toMatchObject({ id: part.landing.id, probability: 0.5 });
    expect(suspects[0]!.evidence.find(({ kind }) => kind === "unread")?.text).toContain(sentence);
  });

  it("but not one of which only pictures and lock files were not read", () => {
    const rest = [aFile("services/web/logo.png"), aFile("package-lock.json"), aFile("services/web/a.css")];
    const whole = bad(NOON - 10 * MINUTE, 7, { files: [read, ...rest] });
    const { suspects } = diagnose(anInput({ changes: [...traffic(), ...chained([...olderParts(), whole])] }));
    expect(suspects[0]!.probability).toBeGreaterThan(0.5);
  });
});

describe("two suspects: the last rollout of the service is innocent", () => {
  it.each([3, 6, 10, 20])("when cost doubles every %i minutes", (doubling) => {
    const since = NOON - Math.log2(2.4) * doubling * MINUTE;
    const guilty = bad(since - 2 * MINUTE, 7);
    const innocent = shipped("Another colour", NOON - 20 * MINUTE, Math.max(since + 2.5 * MINUTE, NOON - 3 * MINUTE), 8);
    const diagnosis = diagnose(
      anInput({ changes: [...traffic(), ...chained([...olderParts(), guilty, innocent])], signals: dearer(since, doubling) }),
    );
    expect(diagnosis.suspects[0]).toMatchObject({ id: guilty.landing.id });
    expect(diagnosis.named).toBe(true);
    expect(diagnosis.goodRevision?.revision).toBe(6);
  });
});

it("goes back before the named commit, where a rollout of documentation came between it and the climb", () => {
  const guilty = bad(NOON - 14 * MINUTE, 7);
  const idle = shipped("Explain the shop", NOON - 13 * MINUTE, NOON - 12 * MINUTE, 8, {
    files: [aFile("services/web/README.md")],
  });
  const diagnosis = diagnose(anInput({ changes: [...traffic(), ...chained([...olderParts(), guilty, idle])] }));
  expect(diagnosis.suspects[0]!.id).toBe(guilty.landing.id);
  expect(diagnosis).toMatchObject({ named: true, rollout: { revision: 7 }, goodRevision: { revision: 6 } });
});

describe("traffic", () => {
  const innocent = shipped("Another colour", NOON - 20 * MINUTE, NOON - 6 * MINUTE, 7);
  const surge = (detectedAt: number, lagMs: number) =>
    someSignals({
      to: detectedAt,
      requests: (at) => 600 * jitter(at) * (1 + 3 * Math.min(1, Math.max(0, (at - (NOON - 4 * MINUTE)) / lagMs))),
      cost: (at) => 0.01 * jitter(at + 3),
      latency: (at) => (at > NOON - 4 * MINUTE ? 0.06 : 0.02),
    });

  it.each([30 * SECOND, 2 * MINUTE, 4 * MINUTE])("names nobody when requests rise fourfold (%i ms)", (lagMs) => {
    const diagnosis = diagnose(
      anInput({ changes: [...traffic(), ...chained([...olderParts(), innocent])], signals: surge(NOON, lagMs) }),
    );
    expect(diagnosis.named).toBe(false);
    expect(diagnosis.none).toBeGreaterThan(0.7);
    expect(diagnosis.noneEvidence).toMatchObject([{ kind: "traffic", for: true }]);
  });
});

describe("what it does not know", () => {
  it("suspects the rollout itself where no landing is known", () => {
    const rollout = aRollout({ at: NOON - 10 * MINUTE, revision: 7 });
    const diagnosis = diagnose(anInput({ changes: [rollout], ownership: { paths: [], from: "unknown" } }));
    expect(diagnosis.suspects).toMatchObject([{ subject: { kind: "rollout" } }]);
    expect(diagnosis.named).toBe(true);
    expect(diagnosis.rollbackSafety.verdict).toBe("unknown");
  });

  it("names nobody when nothing changed, or nothing was rolled out", () => {
    expect(diagnose(anInput())).toMatchObject({ suspects: [], none: 1, named: false, candidates: 0 });
    expect(diagnose(anInput({ changes: traffic() })).named).toBe(false);
  });

  it("forgives an owner that is guessed by name", () => {
    const guilty = bad(NOON - 10 * MINUTE, 7);
    const ownership = anOwnership({ from: "name", paths: ["services/web/", "apps/web/", "web/"] });
    expect(diagnose(anInput({ changes: [...traffic(), ...chained([...olderParts(), guilty])], ownership })).suspects[0]!.id).toBe(
      guilty.landing.id,
    );
  });
});

describe("laws", () => {
  const changes = [...traffic(), ...chained([...olderParts(), bad(NOON - 10 * MINUTE, 7)])];
  const input = anInput({ changes, alerts: [anAlert()] });
  const outcome = (diagnosis: ReturnType<typeof diagnose>) =>
    diagnosis.suspects.map(({ id, probability, evidence }) => ({ id, probability, evidence }));

  it("nothing after the onset is a candidate", () => {
    const onset = diagnose(input).onsetAt;
    const late = Array.from({ length: 20 }, (_, index) => aLanding({ at: onset + 1 + index * 1_000 }));
    const other = diagnose({ ...input, changes: [...changes, ...late] });
    expect(outcome(other)).toEqual(outcome(diagnose(input)));
    expect(other.suspects.every(({ subject }) => subjectAt(subject) <= onset)).toBe(true);
  });

  it("shifting all times changes nothing", () => {
    const by = 1_000 * DAY + 12_345;
    const shifted = changes.map((change): Change => ({ ...change, at: change.at + by }));
    const series = Object.fromEntries(
      Object.entries(input.signals).map(([name, points]) => [
        name,
        points.map((point: { at: number; value: number }) => ({ ...point, at: point.at + by })),
      ]),
    );
    const spike = aSpike({ startedAt: input.spike.startedAt + by, detectedAt: input.spike.detectedAt + by });
    const later = diagnose({
      ...input,
      changes: shifted,
      spike,
      signals: series as never,
      now: input.now + by,
      alerts: [anAlert({ at: NOON + by })],
    });
    expect(outcome(later)).toEqual(outcome(diagnose(input)));
    expect(later.onsetAt - by).toBe(diagnose(input).onsetAt);
  });

  it("a rollout right after the fitted beginning is not outdone by the workload's own launch minutes before", () => {
    const signals = dearer(NOON - 9 * MINUTE, 6);
    const fitted = diagnose(anInput({ changes: [], signals })).onsetAt;
    const launch = aRollout({ revision: 1, at: fitted - 4 * MINUTE });
    const guilty = bad(fitted + 2 * SECOND, 2, { at: fitted - MINUTE });

    const diagnosis = diagnose(anInput({ changes: [...traffic(), launch, ...chained([guilty])], signals }));

    expect(diagnosis.suspects[0]).toMatchObject({ id: guilty.landing.id });
    expect(diagnosis.named).toBe(true);
    expect(JSON.stringify(diagnosis.suspects)).not.toContain("one of two rollouts");
  });

  it("the order of its input changes nothing", () => {
    expect(outcome(diagnose({ ...input, changes: changes.toReversed() }))).toEqual(outcome(diagnose(input)));
  });

  it("another workload's rollout at the same time does not outdo the service's own", () => {
    const other = aRollout({ workload: "prod/shop/cart", at: NOON - 9 * MINUTE, revision: 3 });
    const [first] = diagnose({ ...input, changes: [other, ...changes] }).suspects;
    expect(first?.id).toBe(diagnose(input).suspects[0]?.id);
  });

  it("an old window is left out", () => {
    const old = shipped("Long ago", NOON - 90 * HOUR, NOON - 89 * HOUR, 2);
    expect(diagnose({ ...input, changes: [old.landing, old.rollout, ...changes] }).candidates).toBe(diagnose(input).candidates);
  });

  it("keeps no diffs and few suspects", () => {
    const { suspects } = diagnose(input);
    expect(suspects.length).toBeLessThanOrEqual(10);
    expect(JSON.stringify(suspects)).not.toContain("for (const order");
  });
});

function subjectAt(subject: SuspectSubject): number {
  if (subject.kind === "other") return subject.change.at;
  return subject.kind === "landing" ? subject.landing.at : subject.rollout.at;
}
