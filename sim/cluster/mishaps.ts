import { StatusError } from "./status-error.ts";
import type { Call, Target } from "./call.ts";

/** What befalls one write: the next that matches. Dry runs are spared. */
export interface Mishap {
  readonly method: string;
  /** `deployments` */
  readonly plural: string;
  readonly namespace?: string;
  /** Answered so, and not carried out. */
  readonly refusal?: { readonly code: number; readonly reason: string; readonly retryAfterSeconds?: number };
  /** Somebody else is quicker. */
  readonly before?: () => void;
  /** Something else changes it at once, before the answer arrives. */
  readonly after?: () => void;
  /** It is carried out, and the connection breaks before the answer. */
  readonly answerLost?: boolean;
}

/** Writes to which something is to happen. */
export interface Mishaps {
  add(mishap: Mishap): void;
  forget(): void;
  /** Taken by the first write that it fits. */
  take(call: Call, target: Target): Mishap | undefined;
}

/** None yet. */
export function createMishaps(): Mishaps {
  let waiting: Mishap[] = [];
  return {
    add: (mishap) => void waiting.push(mishap),
    forget: () => {
      waiting = [];
    },
    take: (call, { resource, namespace }) => {
      if (call.dryRun) return undefined;
      const fits = (mishap: Mishap) =>
        mishap.method === call.method && mishap.plural === resource.plural && mishap.namespace === namespace;
      const found = waiting.find(fits);
      waiting = waiting.filter((mishap) => mishap !== found);
      return found;
    },
  };
}

/** Carries a write out with what befalls it; undefined: nobody hears the answer. Throws what is answered instead. */
export function befall<T>({ refusal, before, after, answerLost }: Mishap, carryOut: () => T): T | undefined {
  if (refusal) {
    const { code, reason, retryAfterSeconds } = refusal;
    throw new StatusError(code, reason, `${reason}, as the test wants it`, {
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  before?.();
  const result = carryOut();
  after?.();
  return answerLost === true ? undefined : result;
}
