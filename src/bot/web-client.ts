import {
  type ChatPostMessageArguments,
  type ChatPostMessageResponse,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from "@slack/web-api";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { Logger } from "@slack/bolt";

/** Runs one call to Slack's Web API. `what` completes "Cannot ...". */
export type CallSlack = <T>(what: string, run: (client: WebClient) => Promise<T>) => Promise<T>;

/** Once, soon, and never queued behind another channel: who calls decides about trying again. */
export function webClientOptions(options: { apiUrl?: string; logger: Logger }): WebClientOptions {
  return {
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    logger: options.logger,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: 8_000,
  };
}

/** Calls whose failures are TemporaryError ("later") or a sentence. */
export function createCallSlack(token: string, options: WebClientOptions): CallSlack {
  const client = new WebClient(token, options);
  return async (what, run) => {
    try {
      return await run(client);
    } catch (cause) {
      throw toOurError(what, cause);
    }
  };
}

/** Slack's short word for why a call failed, e.g. `not_in_channel`, where it gave one. */
export function slackReason(error: unknown): string | undefined {
  const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof WebAPIPlatformError ? cause.data.error : undefined;
}

function toOurError(what: string, cause: unknown): Error {
  const sentence = `Cannot ${what}: ${why(cause)}`;
  if (cause instanceof WebAPIRateLimitedError)
    return new TemporaryError(sentence, { cause, retryAfterMs: cause.retryAfter * 1_000 });
  return isTemporary(cause) ? new TemporaryError(sentence, { cause }) : new Error(sentence, { cause });
}

const laterWords = new Set([
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);

function isTemporary(cause: unknown): boolean {
  if (cause instanceof WebAPIRequestError) return true;
  if (cause instanceof WebAPIHTTPError) return cause.statusCode >= 500 || cause.statusCode === 408;
  if (cause instanceof WebAPIPlatformError) return laterWords.has(cause.data.error);
  // A 429 that does not say how long is a bare Error of the client.
  return /retry header/i.test(messageOf(cause));
}

const hints: Readonly<Record<string, string>> = {
  not_in_channel: "invite the app to the channel",
  channel_not_found: "expected the id of a channel that the app may see",
  invalid_auth: "expected a valid SLACK_BOT_TOKEN",
  not_authed: "expected a valid SLACK_BOT_TOKEN",
  missing_scope: "the app lacks a scope that this call needs",
};

function why(cause: unknown): string {
  if (!(cause instanceof WebAPIPlatformError)) return messageOf(cause);
  const word = cause.data.error;
  const more = [hints[word], ...(cause.data.response_metadata?.messages ?? [])].filter((part) => part !== undefined).slice(0, 5);
  return `Slack answered "${word}"${more.length === 0 ? "" : `; ${more.join("; ")}`}`;
}

/** `chat.postMessage`. */
export function postMessage(client: WebClient, message: ChatPostMessageArguments): Promise<ChatPostMessageResponse> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's.
  return client.chat.postMessage(message);
}
