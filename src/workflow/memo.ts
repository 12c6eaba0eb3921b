/** Remembers what a key gave, up to a number of keys; the oldest goes first. Failures are not remembered. */
export type Memo<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/** Creates one that holds `size` keys. */
export function createMemo<T>(size: number): Memo<T> {
  const held = new Map<string, T>();
  return async (key, read) => {
    if (held.has(key)) return held.get(key) as T;
    const value = await read();
    held.set(key, value);
    const oldest = held.keys().next().value;
    if (held.size > size && oldest !== undefined) held.delete(oldest);
    return value;
  };
}
