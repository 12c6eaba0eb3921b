/** Which calls a fault hits; every call when nothing is named. */
interface Target {
  readonly method?: string;
  readonly channel?: string;
  /** How many calls it hits; without it, until it is disposed. */
  readonly times?: number;
  /** Hits only each so-manieth call, the first one first. */
  readonly every?: number;
}

/** Something that goes wrong between the program and Slack. */
export type Fault = Target &
  (
    | { readonly kind: "rate-limit"; readonly retryAfterSeconds: number }
    /** Slack answers 5xx; with `afterEffect` the call was carried out all the same. */
    | { readonly kind: "server-error"; readonly status?: number; readonly afterEffect: boolean }
    /** The connection breaks; with `afterEffect` the call was carried out all the same. */
    | { readonly kind: "hang-up"; readonly afterEffect: boolean }
    | { readonly kind: "delay"; readonly ms: number }
    /** `ok: false` with any of Slack's names. */
    | { readonly kind: "refusal"; readonly error: string }
  );

/** The faults that are on. */
export interface Faults {
  /** Turns a fault on; disposing turns it off. */
  inject(fault: Fault): Disposable;
  /** The faults that hit a call, each counted as used once. */
  take(method: string, channel: string | undefined): Fault[];
}

/** Creates a set of faults, none on. */
export function createFaults(): Faults {
  const active = new Map<symbol, { fault: Fault; left: number; seen: number }>();
  return {
    inject: (fault) => {
      const key = Symbol(fault.kind);
      active.set(key, { fault, left: fault.times ?? Number.POSITIVE_INFINITY, seen: 0 });
      return { [Symbol.dispose]: () => void active.delete(key) };
    },
    take: (method, channel) => {
      const hits = [...active].filter(([, entry]) => {
        const { fault } = entry;
        if ((fault.method ?? method) !== method || (fault.channel ?? channel) !== channel) return false;
        entry.seen += 1;
        return (entry.seen - 1) % (fault.every ?? 1) === 0;
      });
      for (const [key, entry] of hits) {
        entry.left -= 1;
        if (entry.left <= 0) active.delete(key);
      }
      return hits.map(([, { fault }]) => fault);
    },
  };
}
