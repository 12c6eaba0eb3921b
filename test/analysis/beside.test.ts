import { describe, expect, it } from "vitest";
import type { DiagnoseInput } from "#analysis/diagnose.ts";
import type { Evidence } from "#domain/diagnosis.ts";
import type { Landing, Rollout } from "#domain/change.ts";
import type { Point } from "#domain/sample.ts";
import { climbLastWeek } from "#analysis/last-week.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { DAY, HOUR, MINUTE, NOON, aFile, aRollout, anOwnership, someSignals } from "#test/builders.ts";
import { anInput, chained, dearer, olderParts, shipped } from "./stories.ts";

const onset = NOON - 9 * MINUTE;
const patch = "@@ -1 +1 @@\n-const a = 1;\n+const a = 2;";

/** A commit rolled out just before the climb, and what else runs it. */
function told(
  landing: Partial<Landing>,
  over: Partial<DiagnoseInput> = {},
  others: readonly Rollout[] = [],
): readonly Evidence[] {
  const last = shipped("Tidy up", NOON - 40 * MINUTE, NOON - 10 * MINUTE, 7, landing);
  const changes = [...chained([...olderParts(), last]), ...others];
  const diagnosis = diagnose(anInput({ changes, signals: dearer(onset, 6), ...over }));
  return diagnosis.suspects.find(({ id }) => id === last.landing.id)?.evidence ?? [];
}

const has = (evidence: readonly Evidence[], kind: string) => evidence.find((one) => one.kind === kind);

describe("others that run the same commit", () => {
  const sha = shipped("Tidy up", 0, 0, 7).landing.sha;
  const elsewhere = (name: string, at = NOON - 20 * MINUTE) =>
    aRollout({ id: `rollout/${name}`, workload: `prod/shop/${name}`, at, commit: { sha: sha.slice(0, 12), from: "image-tag" } });
  const latency = (after: number): Point[] =>
    Array.from({ length: 160 }, (_value, index) => ({ at: NOON - 75 * MINUTE + index * 30_000 })).map(({ at }) => ({
      at,
      value: at > onset ? after : 0.1,
    }));
  const shared = { files: [aFile("libs/http/client.ts", { patch })] };
  const calm = new Map(["cart", "pay", "mail"].map((name) => [`prod/shop/${name}`, latency(0.1)] as const));

  it("speak against it while they are well", () => {
    const found = has(told(shared, { latencies: calm }, [elsewhere("cart"), elsewhere("pay")]), "same-commit");
    expect(found).toMatchObject({
      for: false,
      text: "2 other workloads run it too and answer as fast as before (cart and pay).",
    });
    expect(has(told(shared, { latencies: calm }, [elsewhere("cart")]), "same-commit")?.text).toContain(
      "Another workload runs it too",
    );
  });

  it("say nothing when they are slower, came after the onset, or run something older", () => {
    const slow = new Map([["prod/shop/cart", latency(0.3)]]);
    expect(has(told(shared, { latencies: slow }, [elsewhere("cart")]), "same-commit")).toBeUndefined();
    expect(has(told(shared, { latencies: calm }, [elsewhere("cart", onset + MINUTE)]), "same-commit")).toBeUndefined();
    const older = {
      ...elsewhere("cart"),
      commit: { sha: olderParts()[1]!.landing.sha.slice(0, 12), from: "image-tag" as const },
    };
    expect(has(told(shared, { latencies: calm }, [older]), "same-commit")).toBeUndefined();
    expect(has(told(shared, {}, [elsewhere("cart")]), "same-commit")).toBeUndefined();
  });

  it("do not acquit what touches this service's own files", () => {
    const own = { files: [aFile("services/web/src/index.ts", { patch }), ...shared.files] };
    expect(has(told(own, { latencies: calm }, [elsewhere("cart")]), "same-commit")).toBeUndefined();
  });
});

describe("what a build copies in", () => {
  it("is nearer than what is merely shared, and farther than its own", () => {
    const ownership = anOwnership({ imports: ["modules/prices/"] });
    const imported = told({ files: [aFile("modules/prices/tax.ts", { patch })] }, { ownership });
    expect(has(imported, "touches-imports")).toMatchObject({ for: true, text: expect.stringContaining("modules/prices/") });
    const other = told({ files: [aFile("modules/prices/tax.ts", { patch })] });
    expect(has(other, "touches-imports")).toBeUndefined();
    expect(has(other, "other-service")).toMatchObject({ for: false });
  });
});

describe("settings of capacity in a diff", () => {
  it.each([
    ["deploy/web.yaml", "-  maxReplicas: 40\n+  maxReplicas: 4000", "autoscaler settings"],
    ["deploy/values.yaml", "-        cpu: 500m\n+        cpu: 50m", "resource requests or limits"],
    ["deploy/values.yaml", "+replicaCount: 3", "how many replicas run"],
    ["services/web/app.toml", "-pool_size = 50\n+pool_size = 5", "how much is done at once"],
    ["deploy/web.yaml", "+          failureThreshold: 1", "probes"],
  ])("%s %j", (path, lines, what) => {
    expect(has(told({ files: [aFile(path, { patch: `@@ -1 +1 @@\n${lines}` })] }), "capacity")?.text).toBe(
      `Its diff changes ${what}.`,
    );
  });

  it("are not seen in code, nor in lines that only stand beside", () => {
    expect(has(told({ files: [aFile("services/web/a.ts", { patch: "+const workers = 3;" })] }), "capacity")).toBeUndefined();
    expect(
      has(told({ files: [aFile("a.yaml", { patch: "@@ -1,2 +1,2 @@\n cpu: 1\n+name: x\n+++ cpu: 2" })] }), "capacity"),
    ).toBeUndefined();
  });
});

describe("the same climb a week before", () => {
  const replicas = (height: number, from = NOON - 7 * DAY - 10 * MINUTE): Point[] =>
    Array.from({ length: 150 }, (_value, index) => NOON - 7 * DAY - 4 * HOUR + index * 2 * MINUTE).map((at) => ({
      at,
      value: at >= from ? 30 * height : 30,
    }));
  const none = (height: number) => {
    const changes = chained(olderParts());
    const lastWeek = { ...someSignals(), replicas: replicas(height) };
    return diagnose(anInput({ changes, lastWeek, signals: dearer(onset, 6) })).noneEvidence;
  };

  it("speaks for no suspect, if it was about as high", () => {
    expect(has(none(2.4), "same-last-week")).toMatchObject({ for: true, text: expect.stringContaining("2.4 times") });
    expect(has(none(1.1), "same-last-week")).toBeUndefined();
  });

  it("is measured around the same time, against the hours before it", () => {
    expect(climbLastWeek(replicas(3), NOON)).toBeCloseTo(3);
    expect(climbLastWeek(replicas(3, NOON - 7 * DAY + 45 * MINUTE), NOON)).toBeCloseTo(1);
    expect(climbLastWeek([], NOON)).toBeUndefined();
    const single = replicas(1).map((point, index) => (index === 115 ? { ...point, value: 900 } : point));
    expect(climbLastWeek(single, NOON)).toBeCloseTo(1);
  });
});
