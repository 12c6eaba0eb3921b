import { describe, expect, it } from "vitest";
import { momentsOf, usualOf } from "#sim/demo/measure.ts";
import { minute, someSamples, start } from "./builders.ts";

const usual = usualOf(someSamples(0, 10));
const isBad = (image: string) => image === "app:bad";
const told = start + 10 * minute;
const minutesAfter = (at: number | undefined) => (at === undefined ? undefined : (at - told) / minute);

// Told at 10 with 60 replicas; 75 at 12, rolled back at 13, down to 30 at 20, nodes given back at 25.
const story = someSamples(10, 40, (at) => ({
  desired: at < 12 ? 60 : at < 20 ? 75 : 30,
  image: at < 13 ? "app:bad" : "app:good",
  cpuCores: at < 13 ? 9 : 3.6,
  complete: at < 13 || at > 15,
  nodes: at < 25 ? 16 : 11,
}));

describe("the words mitigated, recovered and settled", () => {
  it("are measured from the first message, and the last two once they have held for five minutes", () => {
    const moments = momentsOf(story, usual, isBad, told);

    expect(minutesAfter(moments.mitigatedAt)).toBe(2);
    expect(minutesAfter(moments.recoveredAt)).toBe(10.25);
    expect(minutesAfter(moments.settledAt)).toBe(20);
  });

  it("take a rise within a quarter of the usual for ordinary life", () => {
    const later = someSamples(40, 45, () => ({ desired: 33 }));

    expect(minutesAfter(momentsOf([...story, ...later], usual, isBad, told).mitigatedAt)).toBe(2);
  });

  it("do not call it well on the bad image, nor while cost, latency or CPU per replica are high or unknown", () => {
    const never = (over: object) =>
      momentsOf(
        someSamples(10, 40, () => over),
        usual,
        isBad,
        told,
      ).recoveredAt;

    expect(never({})).toBeDefined();
    for (const over of [
      { image: "app:bad" },
      { cpuCores: 5.5 },
      { latencySeconds: 0.022 },
      { latencySeconds: NaN },
      { complete: false },
      { ready: 15, cpuCores: 3.6 },
    ]) {
      expect(never(over)).toBeUndefined();
    }
  });

  it("need five minutes without a break", () => {
    const broken = someSamples(10, 40, (at) => ({ nodes: at % 4 === 0 ? 13 : 10 }));

    expect(momentsOf(broken, usual, isBad, told).settledAt).toBeUndefined();
  });
});
