/** Where a process' time comes from. In production the wall; in stories an origin that runs `rate` times as fast. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Clock seconds that pass in a wall second. */
  readonly rate: number;
  /** Wall milliseconds in which `ms` of this clock pass. */
  toWall(ms: number): number;
  /** Resolves when `ms` of this clock have passed, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The process' clock from `K8S_WHY_CLOCK` = `<wall ms>,<clock ms>,<rate>`: at that wall time it was that clock time. */
export function createClock(setting?: string): Clock {
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

function clockFrom(wall: number, origin: number, rate: number): Clock {
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
        const timer = setTimeout(done, toWall(ms));
        signal?.addEventListener("abort", done, { once: true });
      }),
  };
}
