/** A fixed number of values, -1 for "not known"; those of one and more are also kept sorted, so that their median costs nothing. */
export interface Slots {
  readonly values: Float64Array;
  readonly sorted: Float64Array;
  /** How many are one or more: the first so many of `sorted`. */
  running: number;
}

/** Slots that hold `values`; what is missing up to `size` is not known. */
export function slotsOf(size: number, values: readonly number[] = []): Slots {
  const all = new Float64Array(size).fill(-1);
  all.set(values.slice(0, size));
  const sorted = new Float64Array(size);
  const running = all.filter((value) => value >= 1).sort();
  sorted.set(running);
  return { values: all, sorted, running: running.length };
}

/** Gives all slots one value. */
export function fillSlots(slots: Slots, value: number): void {
  slots.values.fill(value);
  slots.sorted.fill(value);
  slots.running = value >= 1 ? slots.values.length : 0;
}

/** Replaces the value of one slot. */
export function setSlot(slots: Slots, index: number, value: number): void {
  const old = slots.values[index] ?? -1;
  if (old === value) return;
  slots.values[index] = value;
  if (old >= 1) {
    const at = placeOf(slots, old);
    slots.sorted.copyWithin(at, at + 1, slots.running);
    slots.running -= 1;
  }
  if (value >= 1) {
    const at = placeOf(slots, value);
    slots.sorted.copyWithin(at + 1, at, slots.running);
    slots.sorted[at] = value;
    slots.running += 1;
  }
}

/** The median of those that are one or more; 0 of none. */
export function medianOf({ sorted, running }: Slots): number {
  if (running === 0) return 0;
  const middle = running >> 1;
  const upper = sorted[middle] ?? 0;
  return running % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The first place whose value is not less. */
function placeOf({ sorted, running }: Slots, value: number): number {
  let low = 0;
  let high = running;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
