import { describe, expect, it } from "vitest";
import { extrapolate } from "#sim/prometheus/evaluate.ts";
import { joinSpans, spanOf, valueAt } from "#sim/prometheus/series.ts";

const second = 1_000;

/** A counter that is sampled every 15 s and grows by 10 a second. */
function aCounter(values = [0, 150, 300, 450, 600]) {
  return { times: values.map((_, index) => index * 15 * second), values };
}

describe("rate()", () => {
  it("extrapolates to the ends of the window, as Prometheus does", () => {
    const span = spanOf(aCounter([100, 250, 400, 550, 700]), 2 * second, 62 * second);
    expect(span).toEqual({ samples: 4, firstAt: 15 * second, first: 250, lastAt: 60 * second, growth: 450 });
    expect(extrapolate(span, 2 * second, 62 * second)).toBeCloseTo(600);
  });

  it("does not extrapolate a counter below zero", () => {
    expect(extrapolate(spanOf(aCounter(), -30 * second, 60 * second), -30 * second, 60 * second)).toBeCloseTo(600);
  });

  it("needs two samples", () => {
    expect(extrapolate(spanOf(aCounter(), 0, 20 * second), 0, 20 * second)).toBeUndefined();
    expect(extrapolate(undefined, 0, second)).toBeUndefined();
  });

  it("counts on when a counter begins anew", () => {
    expect(spanOf(aCounter([100, 250, 30, 180]), -1, 60 * second)?.growth).toBe(330);
  });

  it("joins what was before the recording to what was recorded", () => {
    const { times, values } = aCounter();
    const before = spanOf({ times: times.slice(0, 2), values: values.slice(0, 2) }, -1, 60 * second);
    const after = spanOf({ times: times.slice(2), values: values.slice(2) }, -1, 60 * second);
    expect(joinSpans(before, after, 150)).toEqual(spanOf(aCounter(), -1, 60 * second));
  });
});

describe("an instant value", () => {
  it("is the newest sample, for five minutes, and not after the series has ended", () => {
    const samples = { times: [0, 15 * second], values: [1, 2] };
    expect(valueAt(samples, 14 * second)).toBe(1);
    expect(valueAt(samples, 314 * second)).toBe(2);
    expect(valueAt(samples, 315 * second)).toBeUndefined();
    expect(valueAt({ times: [0, second], values: [1, Number.NaN] }, 2 * second)).toBeUndefined();
  });
});
