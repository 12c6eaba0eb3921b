import { describe, expect, it } from "vitest";
import { attempts, costAt, podLoad, trafficAt, usageMilli, waitOf } from "#sim/cluster/stages/load.ts";
import { parseGoDuration, parseQuantity } from "#sim/cluster/stages/quantity.ts";
import { schemaFits } from "#sim/cluster/stages/schema.ts";

const born = Date.parse("2026-11-20T00:00:00Z");
const minute = 60_000;

function template(annotations: Record<string, string>) {
  return { metadata: { annotations }, spec: { containers: [] } };
}

describe("the load model", () => {
  it("spends requests times cost, and answers as a queue with one server", () => {
    const load = podLoad(12, 0.01, 0.4);
    expect(load).toMatchObject({ cpu: 0.12, utilisation: 0.3, requests: 12 });
    expect(load.latency).toBeCloseTo(0.01 / 0.7);
  });

  it("is held at the limit, with a latency that stays finite", () => {
    const load = podLoad(100, 0.01, 0.4);
    expect(load).toMatchObject({ cpu: 0.4, utilisation: 0.98 });
    expect(load.latency).toBeCloseTo(0.5);
  });

  it("rounds usage up to thousandths, as metrics.k8s.io does", () => {
    expect(usageMilli(podLoad(12.01, 0.01, 0.4), 1)).toBe(121);
    expect(usageMilli(undefined, 1)).toBe(1);
  });

  it("doubles the cost since the ReplicaSet was created", () => {
    const growing = template({ "load/cpu-per-request": "0.01", "load/cost-doubles-every": "1m" });
    expect(costAt(growing, born, born)).toBeCloseTo(0.01);
    expect(costAt(growing, born, born + 3 * minute)).toBeCloseTo(0.08);
  });

  it("counts the growth from a given time instead, and stops at a given cost", () => {
    const growing = template({
      "load/cost-doubles-every": "1m",
      "load/cost-growth-since": "2026-11-20T00:01:00Z",
      "load/cost-at-most": "0.05",
    });
    expect(costAt(growing, born + 10 * minute, born + 2 * minute)).toBeCloseTo(0.02);
    expect(costAt(growing, born, born + 20 * minute)).toBe(0.05);
  });

  it("swings over the day around its mean", () => {
    const annotations = { "load/requests-per-second": "100", "load/daily-swing": "0.2" };
    expect(trafficAt(annotations, Date.parse("2026-11-20T14:00:00Z"))).toBeCloseTo(120);
    expect(trafficAt(annotations, Date.parse("2026-11-20T02:00:00Z"))).toBeCloseTo(80);
    expect(trafficAt({}, born)).toBeUndefined();
  });

  it("drifts from a given time on, and doubles again and again once it no longer fits, later where the story was postponed", () => {
    const leaking = template({
      "load/cost-growth-since": "2026-11-20T00:00:00Z",
      "load/cost-drift-per-hour": "0.005",
      "load/cost-collapses-at": "2026-11-21T00:00:00Z",
      "load/cost-at-most": "0.16",
    });
    const hours = (count: number) => born + count * 60 * minute;
    expect(costAt(leaking, born, hours(20))).toBeCloseTo(0.011, 6);
    expect(costAt(leaking, born, hours(24))).toBeCloseTo(0.01 * 1.12 * 2, 6);
    expect(costAt(leaking, born, hours(24) + 6 * minute)).toBeCloseTo(0.01 * 1.1205 * 3, 5);
    expect(costAt(leaking, born, hours(24) + 6 * minute, 6 * minute)).toBeCloseTo(0.01 * 1.1205 * 2, 5);
    expect(costAt(leaking, born, hours(25))).toBe(0.16);
  });

  it("has a job come and go every night", () => {
    const nightly = { "load/requests-per-second": "10", "load/nightly": "23:50+30m x5" };
    const at = (time: string) => trafficAt(nightly, Date.parse(`2026-11-20T${time}:00Z`));
    expect(["23:49", "23:51", "23:55", "00:10", "00:21"].map(at)).toEqual([10, 30, 50, 50, 10]);
    expect(trafficAt(nightly, Date.parse("2026-11-20T23:55:00Z"), 10 * minute)).toBe(10);
  });

  it("waits for those that it calls, and for the outside", () => {
    const known = new Map([
      ["kube-system/dns", 0.002],
      ["shop/a", 0.1],
    ]);
    const wait = (annotations: Record<string, string>) => waitOf(annotations, (name) => known.get(name));
    expect(wait({ "load/waits-for": "kube-system/dns x2, shop/a, shop/gone" })).toBeCloseTo(0.104);
    expect(wait({ "load/stall": "0.5" })).toBe(0.5);
    expect(wait({})).toBe(0);
    expect(podLoad(12, 0.01, 0.4, 0.2).latency).toBeCloseTo(0.01 / 0.7 + 0.2);
  });

  it("is asked again by those who lose patience", () => {
    const retrying = { "load/retries": "4", "load/patience": "0.3" };
    expect(attempts(retrying, 0.014)).toBeCloseTo(1, 6);
    expect(attempts(retrying, 0.3)).toBeCloseTo(1 + Math.exp(-1) + Math.exp(-2) + Math.exp(-3) + Math.exp(-4));
    expect(attempts(retrying, 1_000)).toBeCloseTo(5, 2);
    expect(attempts({}, 1_000)).toBe(1);
  });

  it.each([
    ["41", 41, true],
    ["41", 42, false],
    ["41..43", 42, true],
    ["41..43", 44, false],
    ["41..43", 40, false],
    [undefined, 42, true],
    ["41", undefined, true],
  ])("says whether code that needs schema %s works on %s", (needs, version, fits) => {
    expect(schemaFits(needs, version)).toBe(fits);
  });

  it("reads quantities and durations as Go does", () => {
    expect([parseQuantity("200m"), parseQuantity("64Gi"), parseQuantity(2), parseQuantity("much")]).toEqual([
      0.2,
      64 * 2 ** 30,
      2,
      undefined,
    ]);
    expect([parseGoDuration("1m30s"), parseGoDuration("500ms"), parseGoDuration("soon")]).toEqual([90_000, 500, undefined]);
  });
});
