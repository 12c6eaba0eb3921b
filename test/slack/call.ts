import { WebClient } from "@slack/web-api";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { BOT_TOKEN, quiet, type ApiAnswer } from "./bolt-app.ts";

/** An answer of the Web API, or the name of its error. */
interface Called extends ApiAnswer {
  readonly refused?: string;
  readonly retryAfter?: number;
  readonly needed?: string;
  readonly files: readonly { readonly id: string; readonly title: string }[];
}

/** Slack's own client against a local Slack, with nothing tried twice. */
export function clientOf(slack: LocalSlack, token: string | undefined = BOT_TOKEN): WebClient {
  const once = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: quiet };
  return new WebClient(token, { slackApiUrl: slack.apiUrl, ...once });
}

/** Calls a method and answers its result, or the name of its error. */
export async function callOn(
  slack: LocalSlack,
  method: string,
  args: Record<string, unknown> = {},
  token?: string,
): Promise<Called> {
  const answer = await clientOf(slack, token)
    .apiCall(method, args)
    .catch((error) => ({ ...error.data, refused: error.data?.error ?? error.code, retryAfter: error.retryAfter }));
  return answer as Called;
}
