import { isJson, parseJson } from "#sim/slack/json.ts";
import type { EnvelopeType, SocketSide } from "#sim/slack/socket.ts";
import type { Json } from "#sim/slack/types.ts";
import { signHeaders } from "./sign.ts";

/** How one request to the program differs from Slack's usual. */
export interface SendOptions {
  /** Sends as a repeat: `x-slack-retry-num` and `x-slack-retry-reason`. */
  readonly retry?: { readonly num: number; readonly reason: "http_timeout" | "http_error" | "connection_failed" };
  /** Signs with another secret. */
  readonly signingSecret?: string;
  /** Signs as if it were sent at this wall time in ms. */
  readonly signedAt?: number;
}

/** What came of a request to the program. */
export interface Delivery {
  /** Answered 2xx in time. */
  readonly ok: boolean;
  /** HTTP status; 0 when there was no answer in time. */
  readonly status: number;
  readonly text: string;
  /** The answer, when it was a JSON object. */
  readonly body?: Json;
}

/** Where the program listens and how requests to it are signed. */
export interface Wire {
  /** Undefined until the program has started. */
  eventsUrl(): string | undefined;
  /** Used instead of HTTP while the program is connected to it. */
  readonly socket: SocketSide;
  readonly signingSecret: string;
  /** How long Slack waits for the answer, in ms; the real one waits 3,000. */
  readonly patienceMs: number;
  wallNow(): number;
}

/** Sends a form (commands, interactivity) or JSON (events) to the program, signed as Slack signs. */
export async function deliver(
  wire: Wire,
  content: Record<string, string> | Json,
  kind: "form" | "json",
  options: SendOptions = {},
): Promise<Delivery> {
  if (wire.socket.isConnected()) return throughSocket(wire.socket, content, kind, options);
  const url = wire.eventsUrl();
  if (!url) throw new Error("Cannot send to the program: its events URL is not set yet");
  const body = kind === "json" ? JSON.stringify(content) : new URLSearchParams(content as Record<string, string>).toString();
  const headers = {
    "content-type": kind === "json" ? "application/json" : "application/x-www-form-urlencoded",
    ...signHeaders(body, options.signingSecret ?? wire.signingSecret, options.signedAt ?? wire.wallNow()),
    ...(options.retry ? { "x-slack-retry-num": String(options.retry.num), "x-slack-retry-reason": options.retry.reason } : {}),
  };
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(wire.patienceMs) });
    const text = await response.text();
    return { ok: response.ok, status: response.status, text, ...bodyOf(text) };
  } catch (error) {
    return { ok: false, status: 0, text: String(error) };
  }
}

/** Nothing is signed there: who is connected has shown the app's token. */
async function throughSocket(
  socket: SocketSide,
  content: Record<string, string> | Json,
  kind: "form" | "json",
  { retry }: SendOptions,
): Promise<Delivery> {
  const interaction = kind === "form" ? content["payload"] : undefined;
  const type: EnvelopeType = kind === "json" ? "events_api" : interaction === undefined ? "slash_commands" : "interactive";
  const parsed = typeof interaction === "string" ? parseJson(interaction) : content;
  const answer = await socket.send(type, isJson(parsed) ? parsed : {}, retry);
  if (!answer) return { ok: false, status: 0, text: "No answer came through the socket" };
  const isEmpty = Object.keys(answer).length === 0;
  return { ok: true, status: 200, text: isEmpty ? "" : JSON.stringify(answer), ...(isEmpty ? {} : { body: answer }) };
}

function bodyOf(text: string): Pick<Delivery, "body"> {
  const parsed = parseJson(text);
  return isJson(parsed) ? { body: parsed } : {};
}
