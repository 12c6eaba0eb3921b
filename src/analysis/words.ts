/** `1,234`, or `1 replica`, `4,000 replicas`. */
export function count(value: number, noun?: string): string {
  const text = (
    Math.abs(value) < 10 && !Number.isInteger(value) ? Math.round(value * 10) / 10 : Math.round(value)
  ).toLocaleString("en-US");
  return noun === undefined ? text : `${text} ${noun}${text === "1" ? "" : "s"}`;
}

/** A factor, as short as it stays honest: `1.8`, `2.7`, `12`, `133`. */
export function ratioText(ratio: number): string {
  return ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString("en-US");
}

/** A length of time: `40 seconds`, `6 minutes`, `3.5 hours`, `2 days`. */
export function duration(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  if (minutes < 1) return count(Math.round(minutes * 60), "second");
  if (minutes < 100) return count(Math.round(minutes), "minute");
  const hours = minutes / 60;
  return hours < 48
    ? count(hours < 10 ? Math.round(hours * 10) / 10 : Math.round(hours), "hour")
    : count(Math.round(hours / 24), "day");
}

/** A commit's first line, cut at a length that fits a sentence. */
export function titleOf(message: string, length = 100): string {
  const line = message.split("\n", 1)[0]?.trim() ?? "";
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], atMost = 3): string {
  const shown = items.slice(0, atMost);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop();
  return last === undefined ? "" : shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}
