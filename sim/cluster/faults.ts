import type { ServerResponse } from "node:http";
import { StatusError } from "./status-error.ts";
import { sendError } from "./call.ts";
import type { History } from "./history.ts";
import { createMishaps, type Mishap, type Mishaps } from "./mishaps.ts";
import type { Lister } from "./list.ts";
import type { WatchHub } from "./watch.ts";

/** Switches that make the API fail as a real one may. Times are wall milliseconds. */
export interface Faults {
  /** Ends all watches; `abruptly` resets their connections instead of ending the answers. */
  closeWatches(abruptly?: boolean): void;
  /** Answers 503 with Retry-After for a while, and ends all watches. */
  unavailable(ms: number, retryAfterSeconds?: number): void;
  /** Forgets history, so that watches and lists that are behind get 410. */
  forgetHistory(): void;
  /** Answers nothing and tells watchers nothing for a while, with all connections kept open. */
  stall(ms: number): void;
  /** What befalls the next write that it fits. */
  befall(mishap: Mishap): void;
  /** Ends the last three. */
  heal(): void;
}

/** The switches, and how the door asks whether it may answer. */
export interface FaultGate {
  readonly faults: Faults;
  /** Resolves when the request may be answered; false when it was refused already. */
  admit(response: ServerResponse): Promise<boolean>;
  /** What is to befall this write. */
  readonly mishaps: Pick<Mishaps, "take">;
}

/** Faults over the parts of an API. */
export function createFaultGate(hub: WatchHub, history: History, lister: Lister): FaultGate {
  const refusing = createLapse(() => {});
  const stalling = createLapse(() => hub.hold(false));
  const mishaps = createMishaps();
  let retryAfterSeconds = 1;
  const faults: Faults = {
    closeWatches: (abruptly) => hub.closeAll(abruptly),
    unavailable(ms, seconds = 1) {
      retryAfterSeconds = seconds;
      refusing.begin(ms);
      hub.closeAll();
    },
    forgetHistory() {
      history.forget();
      lister.forget();
    },
    stall(ms) {
      hub.hold(true);
      stalling.begin(ms);
    },
    befall: (mishap) => mishaps.add(mishap),
    heal() {
      mishaps.forget();
      refusing.end();
      stalling.end();
    },
  };
  return {
    faults,
    mishaps,
    async admit(response) {
      await stalling.over();
      if (!refusing.lasts()) return true;
      const message = "the server is currently unable to handle the request";
      sendError(response, new StatusError(503, "ServiceUnavailable", message, { retryAfterSeconds }));
      return false;
    },
  };
}

/** Something that is so for a while. Beginning it again makes it last from then. */
function createLapse(ended: () => void) {
  let current: (PromiseWithResolvers<void> & { readonly timer: NodeJS.Timeout }) | undefined;
  const end = () => {
    if (!current) return;
    clearTimeout(current.timer);
    const { resolve } = current;
    current = undefined;
    ended();
    resolve();
  };
  return {
    end,
    lasts: () => current !== undefined,
    over: () => current?.promise,
    begin(ms: number) {
      clearTimeout(current?.timer);
      current = { ...(current ?? Promise.withResolvers<void>()), timer: setTimeout(end, ms).unref() };
    },
  };
}
