/** Wall milliseconds before attempt `attempt` (0 first): doubles from `baseMs` to `maxMs`, with full jitter of the upper half. */
export function backoffMs(attempt: number, options: { baseMs: number; maxMs: number; random: () => number }): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (options.random() * ceiling) / 2;
}
