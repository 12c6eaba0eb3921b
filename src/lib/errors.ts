/** The state moved since it was read: plan again. */
export class StaleError extends Error {
  override readonly name = "StaleError";
}

/** The other side cannot answer now: try again, not before `retryAfterMs` (wall milliseconds) when it said so. */
export class TemporaryError extends Error {
  override readonly name = "TemporaryError";
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What the person who starts us has to change. Every problem is a sentence of its own. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
