import { describe, expect, it } from "vitest";
import type { Sample } from "#domain/sample.ts";
import { courseWords } from "#bot/picture/alt.ts";
import { toChartBlock } from "#bot/picture/chart-block.ts";
import { chartOf } from "#bot/picture/chart-of.ts";
import { refuseBlocks } from "#sim/slack/blocks/validate.ts";
import { MINUTE, NOON, SECOND, aSituation, aSpike, aUsual, anIncident } from "#test/builders.ts";
import { placeRef } from "#domain/workload.ts";
import { situations } from "./situations.ts";

type Name = keyof typeof situations;

const chart = (name: Name) => {
  const { incident, samples } = situations[name]();
  return chartOf(incident, samples);
};
const block = (name: Name) => {
  const made = toChartBlock(chart(name));
  if (!made) throw new Error(`"${name}" has no chart`);
  return made;
};
const line = (name: Name) => {
  const { series, axis_config: axis } = block(name).chart;
  return { times: axis.categories, values: series[0]?.data.map(({ value }) => value) ?? [] };
};
/** A climb that begins at noon; `until` minutes after it. */
const climbing = (until: number, samples: readonly Sample[], over: object = {}) =>
  toChartBlock(
    chartOf(anIncident({ spike: aSpike({ startedAt: NOON }), now: aSituation({ at: NOON + until * MINUTE }), ...over }), samples),
  );
const doubling = (everySeconds: number, minutes: number): Sample[] =>
  Array.from({ length: (minutes + 20) * 4 + 1 }, (_, index) => {
    const at = NOON + (index * 15 - 20 * 60) * SECOND;
    return { at, replicas: Math.round(30 * 2 ** Math.max(0, (at - NOON) / (everySeconds * SECOND))) };
  });

describe("Slack's own chart of an incident", () => {
  it.each(["told", "runaway4000", "surge", "noPrometheus", "crowded", "veryLong", "settled", "gap"] as const)(
    "is taken as Slack documents it: %s",
    (name) => {
      expect(refuseBlocks([block(name)])).toBeUndefined();
      expect(line(name).times.length).toBeGreaterThan(10);
    },
  );

  it("shows replicas, the top of the usual, and the ceiling where it comes near", () => {
    expect(block("runaway4000").title).toBe("Replicas of shop/web");
    expect(block("runaway4000").chart.series.map(({ name }) => name)).toEqual([
      "Replicas",
      "Usual up to 38",
      "Ceiling 4,000 now",
    ]);
    expect(block("runaway4000").chart.axis_config).toMatchObject({ x_label: "Time in UTC, 2 Mar", y_label: "Replicas" });
    expect(block("told").title).toBe("Replicas of shop/web; ceiling 4,000 far above");
    expect(block("told").chart.series.map(({ name }) => name)).toEqual(["Replicas", "Usual up to 38"]);
  });

  it("goes in even steps that end now, and keeps the bend and the peak", () => {
    expect(line("told")).toEqual({
      times: ["11:47", "11:48", "11:49", "11:50", "11:51", "11:52", "11:53", "11:54", "11:55", "11:56", "11:57", "11:58", "11:59", "12:00", "12:01"], // prettier-ignore
      values: [30, 30, 30, 30, 30, 30, 34, 37, 41, 44, 48, 64, 79, 95, 95],
    });
    const { times, values } = line("runaway4000");
    expect([times[0], times[1], times.at(-1)]).toEqual(["11:17", "11:26", "13:50"]);
    expect(values.slice(0, 7)).toEqual([30, 30, 30, 30, 38, 256, 1_055]);
    // It stood there for two minutes, between two points.
    expect(Math.max(...values)).toBe(5_000);
    expect(values.at(-1)).toBe(31);
  });

  it("shows a count that doubles every 15 seconds while it is young, with seconds in its times", () => {
    const { series, axis_config: axis } = climbing(1.5, doubling(15, 1.5))?.chart ?? { series: [], axis_config: undefined };
    expect(axis?.categories.slice(-3)).toEqual(["12:00:30", "12:01:00", "12:01:30"]);
    expect(series[0]?.data.map(({ value }) => value).slice(-5)).toEqual([30, 30, 120, 480, 1_920]);
    // A calm before it, but not all of it.
    expect(axis?.categories.length).toBeLessThanOrEqual(20);
    expect(axis?.categories[0]).toBe("11:55:00");
  });

  it("covers days, names them, and loses none of the beginning", () => {
    const { times, values } = line("veryLong");
    expect(times.length).toBe(20);
    expect([times[0], times.at(-1), values[0]]).toEqual(["2 Mar 11:10", "4 Mar 10:40", 30]);
    expect(block("veryLong").chart.axis_config.x_label).toBe("Time in UTC, 2 Mar to 4 Mar");
    expect(new Set(times).size).toBe(20);
  });

  it("is not there where too little is known, or where the line hardly moves", () => {
    expect(climbing(1, [])).toBeUndefined();
    expect(climbing(1, [{ at: NOON, replicas: 30 }, { at: NOON + MINUTE, replicas: 75 }])).toBeUndefined(); // prettier-ignore
    expect(climbing(1, doubling(60, 1))).toBeDefined();
    expect(toChartBlock(chart("failingRollout"))).toBeUndefined();
  });

  it("shows the nodes of a cluster", () => {
    const samples = Array.from({ length: 60 }, (_, index) => ({
      at: NOON + (index - 30) * MINUTE,
      nodes: 10 + Math.max(0, index - 30),
    }));
    const made = climbing(29, samples, { workload: placeRef("prod"), key: "prod", usual: aUsual({ nodes: 10 }) });
    expect(made?.title).toBe("Nodes of prod");
    expect(made?.chart.series.map(({ name }) => name)).toEqual(["Nodes", "Usual up to 13"]);
    expect(made?.chart.series[0]?.data.at(-1)?.value).toBe(39);
  });

  it("names a workload with a long name by what fits", () => {
    expect(block("settled").title).toBe("Replicas of checkout-orchestrator-worker-europe");
  });

  it("is said in words too", () => {
    expect(courseWords(chart("told"))).toBe(
      "Replicas from 11:17 to 12:01 UTC: usual 30 (band 23 to 38), at most 95 at 12:00, now 95, ceiling 4,000.",
    );
  });
});
