import type { IncomingHttpHeaders } from "node:http";
import { StaleError, TemporaryError, messageOf } from "#lib/errors.ts";
import type { KubeConnection, KubeRequest } from "./connection.ts";

/** Largest answer that is read, bytes: 500 objects of the greatest size that etcd takes are not expected. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A full answer, whatever its code. */
export interface KubeAnswer {
  readonly code: number;
  readonly body: unknown;
  /** Wall ms the server asks us to wait. */
  readonly retryAfterMs: number | undefined;
}

/** Kubernetes' `Status`, in which errors come. */
export interface KubeStatus {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** Sends and reads it all. Throws TemporaryError when nothing came; codes are left to the caller. */
export async function callKube(connection: KubeConnection, request: KubeRequest): Promise<KubeAnswer> {
  try {
    const response = await connection.send(request);
    const text = await readText(response.body);
    return { code: response.statusCode, body: parseBody(text), retryAfterMs: findRetryAfterMs(response.headers) };
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new TemporaryError(`Cannot ${describe(request)}: ${messageOf(error)}`, { cause: error });
  }
}

/** The body of a good answer; everything else is thrown as what it means (`failureOf`). */
export async function expectKube<T>(connection: KubeConnection, request: KubeRequest): Promise<T> {
  const answer = await callKube(connection, request);
  if (answer.code >= 300) throw failureOf(request, answer);
  return answer.body as T;
}

/** As `expectKube`, with undefined where there is nothing. */
export async function findKube<T>(connection: KubeConnection, request: KubeRequest): Promise<T | undefined> {
  const answer = await callKube(connection, request);
  if (answer.code === 404) return undefined;
  if (answer.code >= 300) throw failureOf(request, answer);
  return answer.body as T;
}

/** What a bad answer means: stale (409, a failed test of a JSON patch), temporary (401, 429, 5xx), or an error with a sentence. */
export function failureOf(request: KubeRequest, answer: KubeAnswer): Error {
  const status = toStatus(answer.body);
  // The server's sentence can quote the whole object.
  const message = `Cannot ${describe(request)}: ${(status.message ?? `the server answered ${answer.code}`).slice(0, 500)}`;
  if (answer.code === 409) return new StaleError(message);
  if (answer.code === 422 && request.contentType === JSON_PATCH && !status.details?.causes?.length)
    return new StaleError(message);
  if (passes(answer.code)) return new TemporaryError(message, { retryAfterMs: answer.retryAfterMs });
  return new Error(message);
}

/** A token that has run out is renewed by somebody else: kubelets write the new one into the file that we read again. */
function passes(code: number): boolean {
  return code === 401 || code === 429 || code >= 500;
}

/** Content type of a JSON Patch (RFC 6902). */
export const JSON_PATCH = "application/json-patch+json";

/** The `Status` in an error's body; empty when it is none. */
export function toStatus(body: unknown): KubeStatus {
  return typeof body === "object" && body !== null ? body : {};
}

/** `Retry-After` in wall ms; only seconds, as Kubernetes sends it. */
export function findRetryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 300) * 1000 : undefined;
}

function describe(request: KubeRequest): string {
  return `${request.method ?? "GET"} ${request.path}`;
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Proxies answer errors in HTML or plain text.
    if (!/^\s*[{[]/.test(text)) return { message: text.slice(0, 300).trim() };
    throw error;
  }
}
