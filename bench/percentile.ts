/** The value below which a share of the measurements lies: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** `3.2 ms`, from ten on whole. */
export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** A row of a table. */
export function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A table's head and the line below it. */
export function head(...cells: readonly string[]): string {
  return `${row(...cells)}\n${row(...cells.map(() => "---"))}`;
}
