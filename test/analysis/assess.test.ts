import { describe, expect, it } from "vitest";
import type { Incident } from "#domain/incident.ts";
import type { Intent } from "#domain/intent.ts";
import { assess } from "#analysis/assess.ts";
import { checksOf } from "#analysis/checks.ts";
import type { Illness } from "#domain/illness.ts";
import { MINUTE, NOON, aDiagnosis, aSituation, aStep, aUsual, anIncident, shopWeb } from "#test/builders.ts";

const well = aSituation({
  desired: 60,
  ready: 60,
  templateHash: "hash7",
  requestsPerSecond: 600,
  costPerRequest: 0.011,
  latencySeconds: 0.022,
  cpuCores: 6.6,
});
const count: Intent = { kind: "scale", workload: shopWeb, uid: "u", from: 95, to: 30 };
const scaled = aStep({ id: "scale", kind: "scale", aside: "other", at: NOON - MINUTE, did: count, outcome: "Done." });
const unscaled = aStep({ id: "undo-scale", kind: "scale", aside: "undo", at: NOON, did: count, outcome: "Done." });
const mitigated = (over: Partial<Incident> = {}) =>
  anIncident({
    status: "mitigated",
    mitigatedAt: NOON - MINUTE,
    lastRiseAt: NOON - MINUTE,
    now: well,
    diagnosis: aDiagnosis(),
    ...over,
  });

describe("mitigated: it stopped rising", () => {
  it.each<[string, Partial<Incident>, number, string]>([
    ["two minutes at its ceiling", { now: aSituation({ desired: 4000 }) }, 2, "mitigated"],
    ["two minutes after a cap", { plan: [aStep({ state: "done" })] }, 2, "mitigated"],
    ["two minutes with room to rise and dear requests", {}, 2, "open"],
    ["two minutes after a count was set, which may be set again", { plan: [scaled] }, 2, "mitigated"],
    ["two minutes after a count that was taken back", { plan: [scaled, unscaled] }, 2, "open"],
    ["five minutes with room to rise", {}, 5, "mitigated"],
    ["a minute", { plan: [aStep({ state: "done" })] }, 1, "open"],
  ])("%s", (_name, over, minutes, status) => {
    expect(assess(anIncident(over), NOON + minutes * MINUTE)).toMatchObject({
      status,
      ...(status === "mitigated" ? { mitigatedAt: NOON } : {}),
    });
  });

  it("opens again at a new height", () => {
    expect(
      assess(mitigated({ lastRiseAt: NOON, now: aSituation({ desired: 80 }), peak: { replicas: 80, nodes: 14 } }), NOON),
    ).toMatchObject({ status: "open", mitigatedAt: undefined });
  });
});

describe("recovered: well for five minutes", () => {
  it("counts from the first look that finds it well", () => {
    const first = assess(mitigated(), NOON);
    expect(first).toMatchObject({ status: "mitigated", holdingSince: NOON });
    expect(assess(mitigated(first), NOON + 5 * MINUTE)).toMatchObject({
      status: "recovered",
      recoveredAt: NOON + 5 * MINUTE,
      holdingSince: undefined,
    });
    expect(assess(mitigated(first), NOON + 4 * MINUTE).status).toBe("mitigated");
  });

  it.each<[string, Partial<typeof well>]>([
    ["a replica not ready", { ready: 59 }],
    ["a replica of an older revision", { updated: 40 }],
    ["surge pods", { total: 65 }],
    ["dear requests", { costPerRequest: 0.016 }],
    ["slow requests", { latencySeconds: 0.031 }],
    ["busy replicas", { cpuCores: 6 * 2 * 1.6 }],
    ["failing requests", { errorShare: 0.03 }],
  ])("not with %s", (_name, over) => {
    expect(assess(mitigated({ now: { ...well, ...over }, holdingSince: NOON - 10 * MINUTE }), NOON)).toMatchObject({
      status: "mitigated",
      holdingSince: undefined,
    });
  });

  it("not while pods restart", () => {
    const restarting = { kind: "restarting", since: NOON, toldAt: NOON, value: 9, usual: 0, text: "They restart." } as const;
    const look = (illnesses: readonly Illness[]) =>
      assess(mitigated({ now: well, illnesses, holdingSince: NOON - 10 * MINUTE }), NOON).status;
    expect([look([restarting]), look([])]).toEqual(["mitigated", "recovered"]);
  });

  it.each<[string, number | undefined, number | undefined, boolean | undefined]>([
    ["none is counted", undefined, undefined, undefined],
    ["a few where none was before", 0.009, undefined, true],
    ["many where none was before", 0.02, undefined, false],
    ["as many as usual", 0.2, 0.19, true],
    ["many more than usual", 0.4, 0.19, false],
  ])("of failing requests, %s", (_name, errorShare, usual, ok) => {
    const checks = checksOf({ now: { ...well, errorShare }, usual: aUsual({ errorShare: usual }) });
    expect(checks.find(({ what }) => what === "errors")?.ok).toBe(ok);
  });

  it("without Prometheus asks for the good revision", () => {
    const blind = { requestsPerSecond: undefined, costPerRequest: undefined, latencySeconds: undefined, cpuCores: undefined };
    const look = (templateHash: string) =>
      assess(mitigated({ now: { ...well, ...blind, templateHash }, holdingSince: NOON - 5 * MINUTE }), NOON).status;
    expect([look("hash7"), look("hash8")]).toEqual(["recovered", "mitigated"]);
  });
});

describe("settled: as usual for five minutes", () => {
  const recovered = (over: Partial<typeof well>) =>
    anIncident({ status: "recovered", holdingSince: NOON - 5 * MINUTE, now: { ...well, desired: 34, nodes: 11, ...over } });

  it.each<[string, Partial<typeof well>, string]>([
    ["near usual", {}, "settled"],
    ["too many replicas", { desired: 40 }, "recovered"],
    ["too many nodes", { nodes: 13 }, "recovered"],
  ])("%s", (_name, over, status) => {
    expect(assess(recovered(over), NOON).status).toBe(status);
  });

  it("stays", () => {
    expect(assess(anIncident({ status: "settled", settledAt: 7 }), NOON)).toMatchObject({ status: "settled", settledAt: 7 });
  });
});

it("a quiet night settles below usual; a collapse at full traffic does not", () => {
  const since = NOON - 6 * MINUTE;
  const quiet = { desired: 12, ready: 12, total: 12, updated: 12, nodes: 10 };
  const recovered = (requestsPerSecond: number) =>
    assess(
      anIncident({
        status: "recovered",
        holdingSince: since,
        usual: aUsual({ nodes: 10 }),
        now: aSituation({ ...quiet, requestsPerSecond }),
      }),
      NOON,
    ).status;
  expect(recovered((aUsual().requestsPerSecond ?? 0) * 0.4)).toBe("settled");
  expect(recovered(aUsual().requestsPerSecond ?? 0)).toBe("recovered");
});
