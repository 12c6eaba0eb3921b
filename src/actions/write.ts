import { StaleError, TemporaryError, messageOf } from "#lib/errors.ts";

/** `moved`: a precondition did not hold any more. `refused`: the server will not have it, whenever it is asked. */
export type Written =
  | { readonly kind: "written" }
  | { readonly kind: "moved" }
  | { readonly kind: "refused"; readonly text: string };

/** Sends one write (or its dry run) and says what came of it; TemporaryError passes through. */
export async function tryWrite(write: () => Promise<unknown>): Promise<Written> {
  try {
    await write();
    return { kind: "written" };
  } catch (error) {
    if (error instanceof TemporaryError) throw error;
    if (error instanceof StaleError) return { kind: "moved" };
    return { kind: "refused", text: `The cluster refuses it. ${messageOf(error)}` };
  }
}

const mostTries = 5;

/**
 * Reads, judges and writes, and starts over when the state moved between: `attempt` returns undefined for "moved".
 * TemporaryError when it keeps moving.
 */
export async function untilSettled<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new TemporaryError(`Cannot ${what}: it changed ${mostTries} times while it was looked at`);
}
