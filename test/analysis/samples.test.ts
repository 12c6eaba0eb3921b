import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, NOON, SECOND, aNode, aPool, aSituation, aSpike, someSignals } from "#test/builders.ts";
import { firstSamples, withSample } from "#analysis/samples.ts";
import { noSignals, type Sample } from "#domain/sample.ts";

const spike = aSpike({ startedAt: NOON - 6 * MINUTE });

describe("the samples of an incident", () => {
  it("begin with what Prometheus knows of the time before, with the nodes by when they came", () => {
    const nodes = [aNode(), aNode({ name: "new", createdAt: NOON - 3 * MINUTE })];
    const samples = firstSamples({ spike }, someSignals(), aPool({ nodes }));

    expect(samples[0]).toEqual({
      at: spike.startedAt - 100 * MINUTE,
      replicas: 30,
      costPerRequest: 0.01,
      cpuPerReplica: 0.2,
      nodes: 1,
    });
    expect(samples.at(-1)).toMatchObject({ at: NOON - 30 * SECOND, nodes: 2 });
    expect(samples).toHaveLength(212);
  });

  it("begin without Prometheus with the nodes, and the usual count where the climb began", () => {
    const samples = firstSamples({ spike }, noSignals, aPool());

    expect(samples.filter(({ replicas }) => replicas !== undefined)).toEqual([{ at: spike.startedAt, nodes: 10, replicas: 30 }]);
    expect(firstSamples({ spike }, noSignals, undefined)).toEqual([{ at: spike.startedAt, replicas: 30 }]);
  });

  it("do not take a value that is long gone for one of now", () => {
    const signals = { ...someSignals(), cpuCores: [{ at: NOON - HOUR, value: 6 }] };
    const costs = firstSamples({ spike }, signals, undefined).filter(({ costPerRequest }) => costPerRequest !== undefined);

    expect(costs.map(({ at }) => at)).toEqual([NOON - HOUR, NOON - HOUR + 30 * SECOND, NOON - HOUR + MINUTE]);
  });

  it("grow with each look, and not where nobody saw the cluster since", () => {
    const now = aSituation({ at: NOON, desired: 80, ready: 40, cpuCores: 20, requestsPerSecond: 500, nodes: 14 });
    const first = withSample([], now, false);

    expect(first).toEqual([{ at: NOON, replicas: 80, costPerRequest: 0.04, cpuPerReplica: 0.5, nodes: 14 }]);
    expect(withSample(first ?? [], now, false)).toBeUndefined();
    expect(withSample([], now, true)).toEqual([{ at: NOON, nodes: 14 }]);
    expect(
      withSample([], aSituation({ at: NOON, nodes: 0, cpuCores: 1, requestsPerSecond: 0, ready: 0, desired: 5 }), false),
    ).toEqual([{ at: NOON, replicas: 5 }]);
  });

  it("stay few however long it takes, with the first, the last and the peak", () => {
    let samples: readonly Sample[] = [];
    for (let look = 0; look < 4 * 60 * 24; look += 1) {
      const desired = look === 333 ? 4_000 : 30 + (look % 50);
      samples = withSample(samples, aSituation({ at: NOON + look * 15 * SECOND, desired }), false) ?? samples;
    }

    expect(samples.length).toBeLessThanOrEqual(400);
    expect(samples.length).toBeGreaterThan(200);
    expect(samples[0]?.at).toBe(NOON);
    expect(samples.at(-1)?.at).toBe(NOON + 24 * HOUR - 15 * SECOND);
    expect(samples.find(({ replicas }) => replicas === 4_000)?.at).toBe(NOON + 333 * 15 * SECOND);
    const gaps = samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(20 * MINUTE);
  });
});
