import type { Column, Result } from "./evaluate.ts";
import { BadQuery, type Expression } from "./expression.ts";
import { grouped, keyOf } from "./labels.ts";

type Aggregation = Extract<Expression, { kind: "aggregate" }>;

/** One column for each group of labels. */
export function aggregate({ name, grouping }: Aggregation, of: Result, length: number): Result {
  if (of.kind === "scalar")
    throw new BadQuery("1:1: parse error: expected type instant vector in aggregation expression, got scalar");
  const groups = new Map<string, Column[]>();
  for (const column of of.columns) {
    const key = keyOf(grouped(column.labels, grouping));
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  const columns = [...groups.values()].map((members) => {
    const labels = grouped(members[0]?.labels ?? {}, grouping);
    return { name: undefined, labels, ...fold(name, members, length) };
  });
  return { kind: "vector", columns };
}

const folds: Readonly<Record<Aggregation["name"], (total: number, value: number) => number>> = {
  sum: (total, value) => total + value,
  avg: (total, value) => total + value,
  count: (total) => total + 1,
  max: (total, value) => (value > total || Number.isNaN(total) ? value : total),
  min: (total, value) => (value < total || Number.isNaN(total) ? value : total),
};

function fold(name: Aggregation["name"], members: readonly Column[], length: number): Pick<Column, "values" | "present"> {
  const values = new Float64Array(length);
  const present = new Uint8Array(length);
  const step = folds[name];
  for (let index = 0; index < length; index += 1) {
    let total = name === "max" || name === "min" ? Number.NaN : 0;
    let counted = 0;
    for (const member of members) {
      if (!member.present[index]) continue;
      total = step(total, member.values[index] ?? 0);
      counted += 1;
    }
    if (counted === 0) continue;
    present[index] = 1;
    values[index] = name === "avg" ? total / counted : total;
  }
  return { values, present };
}
