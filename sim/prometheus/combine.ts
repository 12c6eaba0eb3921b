import type { Column, Result } from "./evaluate.ts";
import { BadQuery, type Expression } from "./expression.ts";
import { grouped, keyOf } from "./labels.ts";

type Binary = Extract<Expression, { kind: "binary" }>;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

/** Arithmetic and comparison between numbers and columns; columns are matched one to one by their labels. */
export function combine(binary: Binary, left: Result, right: Result, length: number): Result {
  if (left.kind === "scalar" && right.kind === "scalar") return scalars(binary, left.value, right.value);
  if (left.kind === "vector" && right.kind === "vector")
    return { kind: "vector", columns: matched(binary, left.columns, right.columns, length) };
  const columns = left.kind === "vector" ? left.columns : right.kind === "vector" ? right.columns : [];
  const value = left.kind === "scalar" ? left.value : right.kind === "scalar" ? right.value : 0;
  const constant = { values: new Float64Array(length).fill(value), present: new Uint8Array(length).fill(1) };
  return {
    kind: "vector",
    columns: columns.map((column) => {
      const both = left.kind === "vector" ? ([column, constant] as const) : ([constant, column] as const);
      return { ...nameAndLabels(binary, column), ...calculate(binary, both[0], both[1], column, length) };
    }),
  };
}

function scalars({ operator, bool }: Binary, left: number, right: number): Result {
  const compare = comparisons[operator];
  if (!compare) return { kind: "scalar", value: arithmetic[operator]?.(left, right) ?? Number.NaN };
  if (!bool) throw new BadQuery("1:1: parse error: comparisons between scalars must use BOOL modifier");
  return { kind: "scalar", value: compare(left, right) ? 1 : 0 };
}

/** Only a comparison that filters leaves a series its name. */
function nameAndLabels({ operator, bool }: Binary, { name, labels }: Column): Pick<Column, "name" | "labels"> {
  return { name: comparisons[operator] && !bool ? name : undefined, labels };
}

function matched(binary: Binary, left: readonly Column[], right: readonly Column[], length: number): Column[] {
  const partners = new Map<string, Column>();
  for (const column of right) {
    const key = keyOf(grouped(column.labels, binary.matching));
    if (partners.has(key)) throw twice("right", key);
    partners.set(key, column);
  }
  const seen = new Set<string>();
  const columns: Column[] = [];
  for (const column of left) {
    const labels = grouped(column.labels, binary.matching);
    const key = keyOf(labels);
    const partner = partners.get(key);
    if (!partner) continue;
    if (seen.has(key)) throw twice("left", key);
    seen.add(key);
    columns.push({ ...nameAndLabels(binary, { ...column, labels }), ...calculate(binary, column, partner, column, length) });
  }
  return columns;
}

function twice(side: string, key: string): BadQuery {
  return new BadQuery(
    `found duplicate series for the match group ${key} on the ${side} hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

type Values = Pick<Column, "values" | "present">;

function calculate(binary: Binary, left: Values, right: Values, kept: Values, length: number): Values {
  const values = new Float64Array(length);
  const present = new Uint8Array(length);
  const compute = calculation(binary);
  for (let index = 0; index < length; index += 1) {
    if (!left.present[index] || !right.present[index]) continue;
    const value = compute(left.values[index] ?? 0, right.values[index] ?? 0, kept.values[index] ?? 0);
    if (value === undefined) continue;
    present[index] = 1;
    values[index] = value;
  }
  return { values, present };
}

/** What the operator makes of two values; undefined where a comparison drops the sample, else what it keeps. */
function calculation({ operator, bool }: Binary): (left: number, right: number, kept: number) => number | undefined {
  const compare = comparisons[operator];
  if (!compare) return arithmetic[operator] ?? (() => undefined);
  if (bool) return (left, right) => Number(compare(left, right));
  return (left, right, kept) => (compare(left, right) ? kept : undefined);
}
