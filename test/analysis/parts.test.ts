import { describe, expect, it } from "vitest";
import { ceilingAt } from "#analysis/ceiling.ts";
import { changePoint } from "#analysis/onset.ts";
import { correlate } from "#analysis/correlate.ts";
import { goodRevision } from "#analysis/good-revision.ts";
import { isIdle, whoseIs } from "#analysis/paths.ts";
import { migrationTool } from "#analysis/migrations.ts";
import { rollbackSafety } from "#analysis/rollback-safety.ts";
import { situation } from "#analysis/situation.ts";
import { timelineOf } from "#analysis/timeline.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  NOON,
  SECOND,
  aDiagnosis,
  aFile,
  aLanding,
  aNode,
  aPool,
  aPoolChange,
  aRollout,
  aScaling,
  aSeries,
  aSituation,
  aStep,
  aState,
  anAlert,
  anAutoscalerEdit,
  anIncident,
  anOwnership,
  shopWebKey,
  someSignals,
} from "#test/builders.ts";

describe("the good revision", () => {
  const history = [5, 6, 7, 8].map((revision) => aRollout({ revision, at: NOON - (10 - revision) * HOUR }));

  it("is what ran before the guilty rollout, not before the last", () => {
    expect(goodRevision(history[2]!, history)).toEqual({ revision: 6, templateHash: "hash6" });
  });

  it("carries the number that Kubernetes gave a template used again", () => {
    const again = aRollout({ revision: 9, templateHash: "hash6", at: NOON - HOUR });
    expect(goodRevision(history[2]!, [...history, again])).toEqual({ revision: 9, templateHash: "hash6" });
  });

  it("is told by time where the rollout does not say", () => {
    expect(goodRevision({ ...history[2]!, previous: undefined }, history)?.templateHash).toBe("hash6");
    expect(goodRevision(aRollout({ revision: 1 }), [])).toBeUndefined();
  });

  it("is never the guilty template itself", () => {
    const restored = aRollout({
      revision: 9,
      templateHash: "hash7",
      at: NOON,
      previous: { revision: 7, images: [], templateHash: "hash7" },
    });
    expect(goodRevision(restored, [...history, restored])?.templateHash).toBe("hash8");
  });
});

describe("rollback safety", () => {
  it.each([
    "db/migrate/20260302120000_add_orders.rb",
    "shop/migrations/0042_orders.py",
    "alembic/versions/ab12_orders.py",
    "src/main/resources/db/migration/V12__orders.sql",
    "db/changelog/db.changelog-1.2.xml",
    "prisma/migrations/20260302_orders/migration.sql",
    "prisma/schema.prisma",
    "migrations/20260302120000_orders.ts",
    "db/000012_orders.up.sql",
    "services/web/migrations/12.sql",
    "db/schema.rb",
    "db/structure.sql",
    "services/web/schema.sql",
  ])("%s is a migration", (path) => expect(migrationTool(path)).toBeDefined());

  it.each([
    "src/migrate.ts",
    "docs/migrations.md",
    "src/migrations/index.ts",
    "reports/query.sql",
    "src/V1.ts",
    "graphql/schema.graphql",
  ])("%s is none", (path) => expect(migrationTool(path)).toBeUndefined());

  it.each([
    ["unknown", [aFile("services/web/db/migrate/1_a.rb")]],
    ["unknown", [aFile("db/migrate/1_a.rb")]],
    ["safe", [aFile("services/cart/db/migrate/1_a.rb"), aFile("services/web/a.ts")]],
  ])("%s", (verdict, files) => {
    const own = ["services/web/", "db/"];
    expect(rollbackSafety({ rollouts: [aRollout()], landings: [aLanding({ files })], own }).verdict).toBe(verdict);
  });

  it("a suspect's own migrations count wherever they lie", () => {
    const suspect = aLanding({ files: [aFile("services/cart/db/migrate/1_a.rb")] });
    expect(rollbackSafety({ rollouts: [aRollout()], landings: [suspect], suspect, own: ["services/web/"] })).toMatchObject({
      verdict: "unknown",
      migrations: ["services/cart/db/migrate/1_a.rb"],
      unread: [suspect.id],
    });
  });

  it("says when it does not know", () => {
    expect(rollbackSafety({ rollouts: [], landings: [], own: [] }).verdict).toBe("unknown");
    expect(rollbackSafety({ rollouts: [aRollout()], landings: [], own: [] }).verdict).toBe("unknown");
    expect(rollbackSafety({ rollouts: [aRollout()], landings: [aLanding({ filesTotal: 900 })], own: [] }).verdict).toBe(
      "unknown",
    );
    const settingsOnly = aRollout({ images: [], previous: { revision: 6, images: [], templateHash: "hash6" } });
    expect(rollbackSafety({ rollouts: [settingsOnly], landings: [], own: [] }).verdict).toBe("safe");
  });
});

describe("whose a path is", () => {
  it.each([
    ["services/web/a.ts", "own"],
    ["services/cart/a.ts", "other"],
    ["lib/http/a.ts", "shared"],
    ["go.mod", "shared"],
    ["services/common/a.ts", "shared"],
    ["infra/terraform/a.tf", "other"],
  ])("%s: %s", (path, whose) => expect(whoseIs(path, ["services/web/"])).toBe(whose));

  it("nobody knows without an owner", () => expect(whoseIs("a", [])).toBe("unknown"));

  it.each(["docs/a.ts", "README.md", "src/a.test.ts", "pkg/a_test.go", "tests/test_a.py", ".github/workflows/ci.yaml"])(
    "%s does not run",
    (path) => expect(isIdle(path)).toBe(true),
  );
  it.each(["src/latest.ts", "src/contest/a.go", "requirements.in", "services/web/a.py"])("%s runs", (path) =>
    expect(isIdle(path)).toBe(false),
  );
});

describe("which rollout a landing belongs to", () => {
  const landings = [4, 3, 2, 1].map((hours) => aLanding({ at: NOON - hours * HOUR }));
  const short = (index: number) => ({ sha: landings[index]!.sha.slice(0, 7), from: "image-tag" as const });
  const look = (rollouts: ReturnType<typeof aRollout>[], rangeOf = {}) =>
    correlate({
      workload: shopWebKey,
      changes: [...landings, ...rollouts],
      ownership: anOwnership(),
      rangeOf,
      onset: { at: NOON, clearAt: NOON },
      windowMs: 3 * DAY,
      now: NOON,
    });

  it("the first that was built at or after it", () => {
    const rollouts = [
      aRollout({ revision: 7, at: NOON - 30 * MINUTE, commit: short(1) }),
      aRollout({ revision: 8, at: NOON - 10 * MINUTE, commit: short(2), previousCommit: short(1) }),
    ];
    const { candidates } = look(rollouts);
    expect(candidates.map(({ rollout, via }) => `${rollout?.revision} ${via}`)).toEqual([
      "7 time",
      "7 time",
      "8 time",
      "undefined none",
    ]);
  });

  it("the one whose commit range holds it, where GitHub knew", () => {
    const rollouts = [
      aRollout({ id: "a", revision: 7, at: NOON - 30 * MINUTE }),
      aRollout({ id: "b", revision: 8, at: NOON - 10 * MINUTE }),
    ];
    const { rolloutOf } = look(rollouts, { a: [landings[3]!.sha], b: [landings[0]!.sha, landings[3]!.sha] });
    expect([rolloutOf.get(landings[3]!.id)?.id, rolloutOf.get(landings[0]!.id)?.id, rolloutOf.get(landings[1]!.id)]).toEqual([
      "a",
      "b",
      undefined,
    ]);
  });

  it("a rollout that brought nothing stands for itself", () => {
    const restart = aRollout({ revision: 9, at: NOON - MINUTE, commit: short(2), previousCommit: short(2) });
    const first = aRollout({ revision: 8, at: NOON - 10 * MINUTE, commit: short(2) });
    expect(
      look([first, restart])
        .candidates.filter((candidate) => candidate.via === "itself")
        .map(({ id }) => id),
    ).toEqual([restart.id]);
  });
});

describe("series", () => {
  it("finds a step, and nothing in noise", () => {
    const noise = (at: number) => 1 + 0.05 * Math.sin(at / 7_777);
    const step = changePoint(aSeries(NOON - HOUR, NOON, (at) => noise(at) * (at >= NOON - 10 * MINUTE ? 2 : 1)));
    expect(Math.abs(step!.at - (NOON - 10 * MINUTE))).toBeLessThanOrEqual(MINUTE);
    expect(changePoint(aSeries(NOON - HOUR, NOON, noise))).toBeUndefined();
    expect(changePoint([])).toBeUndefined();
  });

  it("dates a slow ramp by its beginning, not by where it is clear", () => {
    const ramp = changePoint(
      aSeries(
        NOON - HOUR,
        NOON,
        (at) => (1 + 0.01 * Math.sin(at / 7_777)) * 2 ** (Math.max(0, at - NOON + 30 * MINUTE) / (20 * MINUTE)),
      ),
    );
    expect(Math.abs(ramp!.at - (NOON - 30 * MINUTE))).toBeLessThanOrEqual(90 * SECOND);
    expect(ramp!.clearAt).toBeGreaterThan(NOON - 28 * MINUTE);
  });

  it.each([
    [1.09, 19],
    [1.18, 19],
    [1.3, 19],
    [1.18, 12],
  ])(
    "does not take a step to %f, %i minutes before, for the beginning of a climb that is seen three times only",
    (step, before) => {
      const climb = new Map([
        [NOON - MINUTE, 1.14],
        [NOON - 30 * SECOND, 1.41],
        [NOON, 1.76],
      ]);
      const level = (at: number) => (at >= NOON - before * MINUTE ? step : 1) * (climb.get(at) ?? 1);
      const found = changePoint(aSeries(NOON - 2 * HOUR, NOON, (at) => level(at) * (1 + 0.01 * Math.sin(at / 7_777))));
      expect(Math.abs(found!.at - (NOON - MINUTE))).toBeLessThanOrEqual(MINUTE);
    },
  );

  it("takes a step to twice the level for the beginning, whatever climbs on from there", () => {
    const level = (at: number) => (at >= NOON - 19 * MINUTE ? 2 : 1) * (at >= NOON - 2 * MINUTE ? 1.5 : 1);
    const found = changePoint(aSeries(NOON - 2 * HOUR, NOON, level));
    expect(Math.abs(found!.at - (NOON - 19 * MINUTE))).toBeLessThanOrEqual(MINUTE);
  });

  it("is not fooled by one odd reading or by gaps", () => {
    const points = aSeries(NOON - HOUR, NOON, (at) => (at === NOON - 40 * MINUTE ? 50 : at >= NOON - 10 * MINUTE ? 3 : 1)).filter(
      (_, index) => index % 3 !== 0 || index > 100,
    );
    expect(Math.abs(changePoint(points)!.at - (NOON - 10 * MINUTE))).toBeLessThanOrEqual(90 * SECOND);
  });

  it("foretells the ceiling from the last five minutes", () => {
    const doubling = aSeries(NOON - 10 * MINUTE, NOON, (at) => 1000 * 2 ** ((at - NOON) / (5 * MINUTE)));
    expect(ceilingAt(doubling, 4000, NOON)).toBe(NOON + 10 * MINUTE);
    expect(ceilingAt(doubling, 1000, NOON)).toBeUndefined();
    expect(
      ceilingAt(
        aSeries(NOON - HOUR, NOON, () => 30),
        4000,
        NOON,
      ),
    ).toBeUndefined();
  });

  it("foretells it from the climb alone where calm came before it", () => {
    const climb = aSeries(NOON - 10 * MINUTE, NOON, (at) => (at <= NOON - 2 * MINUTE ? 30 : at < NOON - MINUTE ? 60 : 120));

    expect(ceilingAt(climb, 480, NOON)).toBe(NOON + 2 * MINUTE);
  });
});

describe("the situation", () => {
  it("takes fresh signals only", () => {
    const fresh = situation(
      aState(),
      aPool({ nodes: [aNode(), aNode({ name: "node-2" })], pendingPods: 4 }),
      someSignals(),
      NOON + 30 * SECOND,
    );
    expect(fresh).toMatchObject({ desired: 30, nodes: 2, pendingPods: 4, ceiling: 4000, requestsPerSecond: 600 });
    expect(fresh.costPerRequest).toBeCloseTo(0.01);
    expect(situation(aState(), undefined, someSignals(), NOON + HOUR)).toMatchObject({
      nodes: 0,
      requestsPerSecond: undefined,
      costPerRequest: undefined,
    });
  });
});

describe("the timeline", () => {
  const incident = anIncident({
    diagnosis: aDiagnosis(),
    alerts: [anAlert()],
    now: aSituation({ desired: 320, nodes: 22 }),
    peak: { replicas: 320, nodes: 22 },
    plan: [aStep({ state: "done", at: NOON + MINUTE, by: "U1", outcome: "maxReplicas is 96 now." })],
    mitigatedAt: NOON + 2 * MINUTE,
  });
  const changes = [
    aRollout({ revision: 8, at: NOON - 12 * MINUTE }),
    aRollout({ revision: 3, at: NOON - DAY }),
    aRollout({ workload: "prod/shop/cart" }),
  ];
  const entries = timelineOf(incident, changes, NOON + 3 * MINUTE);

  it("is in order, with each kind once", () => {
    expect(entries.map(({ kind }) => kind)).toEqual([
      "landing",
      "rollout",
      "alert",
      "nodes",
      "replicas",
      "replicas",
      "act",
      "state",
    ]);
    expect(entries.find((entry) => entry.id === "replicas/x4")?.text).toBe("320 replicas wanted, 320 ready (usual 30).");
  });

  it("tells who scaled it and who moved its bounds, and leaves nodes to the looks", () => {
    const hands = [aScaling({ at: NOON + 1 }), anAutoscalerEdit({ at: NOON + 2, tool: "helm" }), aPoolChange({ at: NOON + 3 })];
    const texts = timelineOf(anIncident({ now: aSituation({ nodes: 10 }) }), hands, NOON + MINUTE).map(({ text }) => text);
    expect(texts.slice(1)).toEqual([
      "Scaled from 30 to 40 by kubectl.",
      "The autoscaler's bounds 3 to 100 become 3 to 4,000 by helm.",
    ]);
  });

  it("says nothing twice", () => {
    const again = timelineOf({ ...incident, timeline: entries }, changes, NOON + 3 * MINUTE);
    const ids = new Set(entries.map(({ id }) => id));
    expect(again.every(({ id }) => ids.has(id))).toBe(true);
    expect(new Set(again.map(({ id }) => id)).size).toBe(again.length);
  });
});
