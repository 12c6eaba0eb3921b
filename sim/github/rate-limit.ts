/** Requests that one token may send in an hour, counted on the wall's clock. */
export interface RateLimit {
  /** Counts one request; false when none is left. */
  take(): boolean;
  headers(): Record<string, string>;
  body(): object;
}

const hourMs = 3_600_000;

/** GitHub's primary limit: 5,000 an hour for a token. */
export function createRateLimit(limit = 5_000): RateLimit {
  let used = 0;
  let reset = Date.now() + hourMs;
  const now = () => {
    if (Date.now() >= reset) {
      used = 0;
      reset = Date.now() + hourMs;
    }
    return { limit, used: Math.min(used, limit), remaining: Math.max(0, limit - used), reset: Math.ceil(reset / 1000) };
  };
  return {
    take: () => {
      now();
      used += 1;
      return used <= limit;
    },
    headers: () => {
      const { used, remaining, reset } = now();
      return {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(remaining),
        "x-ratelimit-used": String(used),
        "x-ratelimit-reset": String(reset),
        "x-ratelimit-resource": "core",
      };
    },
    body: () => ({ resources: { core: now() }, rate: now() }),
  };
}
