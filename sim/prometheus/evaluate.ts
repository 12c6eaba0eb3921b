import { aggregate } from "./aggregate.ts";
import { combine } from "./combine.ts";
import type { Expression, Selector } from "./expression.ts";
import { type Labels, selects } from "./labels.ts";
import type { Series, Span } from "./series.ts";

/** One series of a result: a value for each evaluated time; NaN is a value, `present` says where there is one. */
export interface Column {
  readonly name: string | undefined;
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** What an expression comes to: one number at all times, or columns. */
export type Result =
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "vector"; readonly columns: readonly Column[] };

/** Evaluates at each of the times (milliseconds). Throws BadQuery where series cannot be matched. */
export function evaluate(expression: Expression, times: Float64Array, series: readonly Series[]): Result {
  switch (expression.kind) {
    case "number":
      return { kind: "scalar", value: expression.value };
    case "select": {
      const { selector } = expression;
      const read = (one: Series) => toColumn(one.name, one.labels, times, (time) => one.at(time - selector.offset));
      return { kind: "vector", columns: chosen(selector, series).map(read) };
    }
    case "range": {
      const { selector, window } = expression;
      const perSecond = expression.function === "rate";
      const read = (one: Series) =>
        toColumn(undefined, one.labels, times, (time) => {
          const to = time - selector.offset;
          const growth = extrapolate(one.span(to - window, to), to - window, to);
          return growth === undefined ? undefined : growth / (perSecond ? window / 1000 : 1);
        });
      return { kind: "vector", columns: chosen(selector, series).map(read) };
    }
    case "aggregate":
      return aggregate(expression, evaluate(expression.of, times, series), times.length);
    case "binary":
      return combine(
        expression,
        evaluate(expression.left, times, series),
        evaluate(expression.right, times, series),
        times.length,
      );
  }
}

function chosen(selector: Selector, series: readonly Series[]): readonly Series[] {
  return series.filter(({ name, labels }) => selects(selector, name, labels));
}

function toColumn(
  name: string | undefined,
  labels: Labels,
  times: Float64Array,
  read: (time: number) => number | undefined,
): Column {
  const values = new Float64Array(times.length);
  const present = new Uint8Array(times.length);
  for (let index = 0; index < times.length; index += 1) {
    const value = read(times[index] ?? 0);
    if (value === undefined) continue;
    values[index] = value;
    present[index] = 1;
  }
  return { name, labels, values, present };
}

/** Growth over the whole window from the samples in it (promql/functions.go, extrapolatedRate); undefined for fewer than two. */
export function extrapolate(span: Span | undefined, from: number, to: number): number | undefined {
  if (!span || span.samples < 2) return undefined;
  const sampled = span.lastAt - span.firstAt;
  const average = sampled / (span.samples - 1);
  const threshold = average * 1.1;
  let toStart = span.firstAt - from;
  if (toStart >= threshold) toStart = average / 2;
  // A counter is taken not to have been below zero.
  if (span.growth > 0 && span.first >= 0) toStart = Math.min(toStart, sampled * (span.first / span.growth));
  let toEnd = to - span.lastAt;
  if (toEnd >= threshold) toEnd = average / 2;
  return (span.growth * (sampled + toStart + toEnd)) / sampled;
}
