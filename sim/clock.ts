/** The simulation's time. Same setting as the program's own clock, so that both tell the same story time. */
export interface SimClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Clock seconds that pass in a wall second. */
  readonly rate: number;
  /** Wall milliseconds in which `ms` of this clock pass. */
  toWall(ms: number): number;
  /** Resolves when `ms` of this clock have passed, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that only moves when told to, for tests. */
export interface ManualClock extends SimClock {
  /** Moves on by `ms`, waking each sleeper at its own time, in order, and letting it run before the next. */
  advance(ms: number): Promise<void>;
}

/** The clock from `K8S_WHY_CLOCK` = `<wall ms>,<clock ms>,<rate>`: at that wall time it was that clock time. The wall's clock without it. */
export function createSimClock(setting?: string): SimClock {
  if (!setting) return clockFrom(0, 0, 1);
  const [wall, origin, rate, ...rest] = setting.split(",").map(Number);
  if (
    wall === undefined ||
    origin === undefined ||
    rate === undefined ||
    rest.length > 0 ||
    !(rate > 0) ||
    !Number.isFinite(wall + origin + rate)
  ) {
    throw new Error(`Cannot read K8S_WHY_CLOCK "${setting}": expected <wall ms>,<clock ms>,<rate above 0>`);
  }
  return clockFrom(wall, origin, rate);
}

/** The setting that gives another process the same clock. */
export function formatClock(wall: number, origin: number, rate: number): string {
  return `${wall},${origin},${rate}`;
}

/** A clock for tests that stands at `start` (ms) until it is advanced. */
export function createManualClock(start: number): ManualClock {
  let time = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    rate: 1,
    now: () => time,
    toWall: (ms) => ms,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { at: time + Math.max(0, ms), wake };
        function wake() {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (let next = earliest(sleepers, end); next; next = earliest(sleepers, end)) {
        time = Math.max(time, next.at);
        next.wake();
        await settle();
      }
      time = end;
    },
  };
}

function earliest<T extends { readonly at: number }>(sleepers: Iterable<T>, end: number): T | undefined {
  let first: T | undefined;
  for (const sleeper of sleepers) if (sleeper.at <= end && (!first || sleeper.at < first.at)) first = sleeper;
  return first;
}

/** Lets what was woken run: its promises and what it scheduled for this turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A timer of Node's holds at most this many ms; longer ones would fire at once. */
const longestTimer = 2 ** 31 - 1;

function clockFrom(wall: number, origin: number, rate: number): SimClock {
  const toWall = (ms: number) => ms / rate;
  return {
    rate,
    now: () => Math.round(origin + (Date.now() - wall) * rate),
    toWall,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(longestTimer, toWall(ms)));
        signal?.addEventListener("abort", done, { once: true });
      }),
  };
}
