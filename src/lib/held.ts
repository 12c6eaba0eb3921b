/** Reads a key once and holds the answer for a while. */
export type Held<T> = (key: string, read: () => Promise<T>) => Promise<T>;

interface HeldOptions {
  /** Milliseconds of `now`. */
  readonly now: () => number;
  readonly forMs: number;
  /** How long a failure is held, so that not everybody waits for the same silence; 0 when left out. */
  readonly failureForMs?: number;
  /** Keys held at most. */
  readonly most: number;
}

/** Creates one. Who asks while the answer is being read gets the same one. */
export function createHeld<T>({ now, forMs, failureForMs = 0, most }: HeldOptions): Held<T> {
  const held = new Map<string, { until: number; readonly value: Promise<T> }>();
  return (key, read) => {
    const known = held.get(key);
    if (known && now() < known.until) return known.value;
    if (held.size >= most) held.clear();
    const entry = { until: now() + forMs, value: read() };
    held.set(key, entry);
    entry.value.catch(() => (entry.until = now() + failureForMs));
    return entry.value;
  };
}
