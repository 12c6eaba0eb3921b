import { TemporaryError, messageOf } from "#lib/errors.ts";

/** What GitHub said no to: it does not know it (404, 422), or the repository is empty (409). */
export interface Absent {
  readonly kind: "absent";
  readonly status: number;
}

interface Refusal {
  readonly status: number | undefined;
  readonly url: string;
  /** False when no answer came at all. */
  readonly answered: boolean;
  readonly headers: Readonly<Record<string, unknown>>;
}

const absent = new Set([404, 409, 422]);

/** Turns what Octokit threw into "absent", or throws it as ours: TemporaryError when a later try may succeed. `now` is wall milliseconds. */
export function toAbsent(error: unknown, what: string, now: number): Absent {
  const { status, url, answered, headers } = parseRefusal(error);
  const said = messageOf(error).slice(0, 300);
  if (status === undefined) throw new Error(`Cannot ${what}: ${said}`, { cause: error });
  if (!answered) throw new TemporaryError(`Cannot reach GitHub to ${what}: ${said}`, { cause: error });
  const limited = status === 429 || (status === 403 && isRateLimit(said, headers));
  if (limited || status >= 500) {
    const retryAfterMs = retryAfterOf(headers, now);
    throw new TemporaryError(`Cannot ${what}: GitHub answered ${status}, ${said}`, { cause: error, retryAfterMs });
  }
  if (status === 401) throw new Error(`Cannot ${what}: GitHub does not accept our credentials`, { cause: error });
  // A missing installation is not a missing commit.
  if (absent.has(status) && !url.includes("/app/installations/")) return { kind: "absent", status };
  throw new Error(`Cannot ${what}: GitHub answered ${status}, ${said}`, { cause: error });
}

function isRateLimit(said: string, headers: Refusal["headers"]): boolean {
  return /rate limit/i.test(said) || headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
}

/** From Retry-After, else from the reset of an exhausted quota; at most an hour, which is how long a quota lasts. */
function retryAfterOf(headers: Refusal["headers"], now: number): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  const reset = headers["x-ratelimit-remaining"] === "0" ? Number(headers["x-ratelimit-reset"]) * 1_000 - now : Number.NaN;
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : reset;
  return Number.isFinite(ms) ? Math.min(3_600_000, Math.max(1_000, ms)) : undefined;
}

/** Octokit's RequestError, read by shape: a hook may have wrapped it. A request that got no answer carries status 500 and no response. */
function parseRefusal(error: unknown): Refusal {
  const { status, request, response } = fieldsOf(error);
  const { headers } = fieldsOf(response);
  const { url } = fieldsOf(request);
  return {
    status: typeof status === "number" ? status : undefined,
    url: typeof url === "string" ? url : "",
    answered: response !== undefined,
    headers: fieldsOf(headers),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
