import { asText } from "./json.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { SlackFailure } from "./failure.ts";
import type { Fault, Faults } from "./faults.ts";
import { appMethods } from "./methods/apps.ts";
import { chatMethods } from "./methods/chat.ts";
import { fileMethods } from "./methods/files.ts";
import { conversationMethods } from "./methods/conversations.ts";
import type { Method, MethodContext } from "./methods/method.ts";
import { peopleMethods } from "./methods/people.ts";
import { viewMethods } from "./methods/views.ts";
import { parseArguments, readBody } from "./read-body.ts";
import type { Json } from "./types.ts";

const METHODS: Readonly<Record<string, Method>> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...viewMethods,
};

/** What the Web API needs beside its methods. */
export interface WebApiOptions extends MethodContext {
  readonly faults: Faults;
  readonly botToken: string;
  readonly appToken?: string;
}

/** An answer before it is sent. */
interface Answer {
  readonly status: number;
  readonly body: Json | undefined;
  readonly headers?: Record<string, string>;
}

/** Answers `POST /api/<method>` as Slack does: 200 and `ok`, also for a no. */
export async function answerWebApi(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  options: WebApiOptions,
): Promise<void> {
  const method = url.pathname.replace("/api/", "");
  const body = await readBody(request);
  const args = body === undefined ? undefined : parseArguments(request.headers["content-type"] ?? "", body, url.searchParams);
  const channel = typeof args?.channel === "string" ? args.channel : undefined;
  const faults = options.faults.take(method, channel);
  for (const fault of faults) if (fault.kind === "delay") await delay(fault.ms);
  const answer = spoil(faults, () => perform(method, args, request.headers.authorization, options));
  record(method, channel, answer, options);
  send(response, answer);
}

function record(method: string, channel: string | undefined, answer: Answer, { workspace }: WebApiOptions): void {
  const times = { at: workspace.wallNow(), clockAt: workspace.clock.now() };
  const error = asText(answer.body?.error);
  const request = { method, ...times, status: answer.status, ...(channel ? { channel } : {}), ...(error ? { error } : {}) };
  workspace.notify({ kind: "request", request });
}

/** Lets the faults have their way with a call. */
function spoil(faults: readonly Fault[], act: () => Answer): Answer {
  for (const fault of faults) {
    if (fault.kind === "rate-limit") {
      return {
        status: 429,
        body: { ok: false, error: "ratelimited" },
        headers: { "retry-after": String(fault.retryAfterSeconds) },
      };
    }
    if (fault.kind === "refusal") return { status: 200, body: { ok: false, error: fault.error } };
    if (fault.kind === "server-error" || fault.kind === "hang-up") {
      if (fault.afterEffect) act();
      return { status: fault.kind === "hang-up" ? 0 : (fault.status ?? 500), body: undefined };
    }
  }
  return act();
}

function perform(name: string, args: Json | undefined, authorization: string | undefined, options: WebApiOptions): Answer {
  const { workspace } = options;
  try {
    if (!args) throw new SlackFailure("json_not_object");
    const method = METHODS[name];
    if (!method) throw new SlackFailure("unknown_method", { req_method: name });
    checkToken(authorization, args, options, method);
    const needed = typeof method.scope === "function" ? method.scope(args, options) : method.scope;
    const provided = workspace.scopes.join(",");
    if (needed && !workspace.scopes.includes(needed)) throw new SlackFailure("missing_scope", { needed, provided });
    const headers = { "x-oauth-scopes": provided, "x-accepted-oauth-scopes": needed ?? "" };
    return { status: 200, body: { ok: true, ...method.call(args, options) }, headers };
  } catch (error) {
    if (error instanceof SlackFailure) return { status: 200, body: { ok: false, error: error.error, ...error.extra } };
    throw error;
  }
}

function checkToken(authorization: string | undefined, args: Json, { botToken, appToken }: WebApiOptions, method: Method): void {
  const token = authorization?.match(/^Bearer (.+)$/u)?.[1] ?? args.token;
  if (!token) throw new SlackFailure("not_authed");
  if (token === (method.token === "app" ? appToken : botToken)) return;
  const isOther = token === botToken || token === appToken;
  throw new SlackFailure(isOther ? "not_allowed_token_type" : "invalid_auth");
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.status === 0) return void response.destroy();
  response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
  response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
}
