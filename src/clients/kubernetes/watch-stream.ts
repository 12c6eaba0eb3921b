import { failureOf, findRetryAfterMs, type KubeStatus } from "./answer.ts";
import { errors, type Dispatcher } from "undici";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { KubeConnection, KubeRequest } from "./connection.ts";
import { createLineSplitter } from "./lines.ts";

/** Longest line of a watch, bytes: etcd takes objects of 1.5 MB, JSON is larger than what is stored. */
const MAX_LINE = 8 * 1024 * 1024;

/** The server no longer knows that resourceVersion: list again. */
export class ExpiredError extends Error {
  override readonly name = "ExpiredError";
}

/** One line of a watch. */
export interface WatchLine {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: unknown;
}

/**
 * Hands over every line until the server ends the watch, or is silent for `bodyTimeoutMs` (`idle`). Throws ExpiredError on 410, in the head or in the stream,
 * TemporaryError where waiting may help, other errors where the resourceVersion itself is in doubt.
 */
export async function readWatch(
  connection: KubeConnection,
  request: KubeRequest,
  take: (line: WatchLine) => void,
  onTooLong: () => void,
): Promise<"ended" | "idle"> {
  const response = await open(connection, request);
  const splitter = createLineSplitter(MAX_LINE, (text) => take(parseLine(text)), onTooLong);
  const chunks = (response.body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    let next = await read(chunks);
    for (; typeof next === "object"; next = await read(chunks)) splitter.push(next);
    return next;
  } finally {
    response.body.destroy();
  }
}

async function open(connection: KubeConnection, request: KubeRequest): Promise<Dispatcher.ResponseData> {
  const response = await orTemporary(connection.send(request));
  if (response.statusCode === 200) return response;
  const message = (await orTemporary(response.body.text())).slice(0, 300);
  const answer = { code: response.statusCode, body: { message }, retryAfterMs: findRetryAfterMs(response.headers) };
  throw answer.code === 410 ? new ExpiredError(message) : failureOf(request, answer);
}

async function read(chunks: AsyncIterator<Buffer>): Promise<Buffer | "ended" | "idle"> {
  try {
    const next = await chunks.next();
    return next.done === true ? "ended" : next.value;
  } catch (error) {
    if (error instanceof errors.BodyTimeoutError) return "idle";
    throw toTemporary(error);
  }
}

/** A broken socket mends. */
async function orTemporary<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw toTemporary(error);
  }
}

function toTemporary(error: unknown): TemporaryError {
  return new TemporaryError(`Cannot go on with a watch: ${messageOf(error)}`, { cause: error });
}

function parseLine(text: string): WatchLine {
  const line = JSON.parse(text) as WatchLine;
  if (line.type === "ERROR") throw toError(line.object as KubeStatus | undefined);
  return line;
}

function toError(status: KubeStatus | undefined): Error {
  const message = `Cannot go on with a watch: ${(status?.message ?? "the server gave no reason").slice(0, 300)}`;
  if (status?.code === 410) return new ExpiredError(message);
  const seconds = status?.details?.retryAfterSeconds;
  return new TemporaryError(message, { retryAfterMs: seconds === undefined ? undefined : seconds * 1000 });
}
