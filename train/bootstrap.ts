/** Draws of a share's 95 % interval. */
const DRAWS = 2_000;

/** The 95 % interval of a share by bootstrap over items (Efron 1979); seeded, so that it comes out the same. */
export function intervalOf(items: readonly boolean[]): readonly [number, number] {
  if (items.length === 0) return [0, 0];
  const random = seeded(items.length);
  const shares = Array.from({ length: DRAWS }, () => {
    let hits = 0;
    for (let at = 0; at < items.length; at += 1) if (items[Math.floor(random() * items.length)]) hits += 1;
    return hits / items.length;
  }).toSorted((a, b) => a - b);
  return [shares[Math.floor(0.025 * DRAWS)] ?? 0, shares[Math.floor(0.975 * DRAWS)] ?? 0];
}

/** Numbers from 0 to below 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
