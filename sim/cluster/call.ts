import type { IncomingMessage, ServerResponse } from "node:http";
import { StatusError, badRequest, toStatus } from "./status-error.ts";
import type { Resource } from "./resources.ts";

/** What a path names: a collection, an object, or a subresource of one. */
export interface Target {
  readonly resource: Resource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** One request to the API, its path understood and its body read. */
export interface Call {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: unknown;
  /** Who calls, as managedFields names the tool. */
  readonly manager: string;
  readonly dryRun: boolean;
}

/** What is sent back: a status code and JSON, or `body` as it is where it is text already. */
export interface Answer {
  readonly code: number;
  readonly body: unknown;
}

/** The API server's own limit for a body. */
const bodyLimit = 3 * 1024 * 1024;

/** Reads a request's body. Throws 413 beyond the API server's limit of 3 MiB, 415 for what is not JSON, 400 for JSON that is none. */
export async function readCall(request: IncomingMessage, url: URL): Promise<Call> {
  const text = await readText(request);
  const contentType = (request.headers["content-type"] ?? "application/json").split(";", 1).join("").trim().toLowerCase();
  const query = url.searchParams;
  const method = request.method ?? "GET";
  const body = text === "" ? undefined : parseBody(text, contentType, method);
  const agent = (request.headers["user-agent"] ?? "unknown").split("/", 1).join("").slice(0, 128);
  return {
    method,
    query,
    contentType,
    body,
    manager: query.get("fieldManager") ?? agent,
    dryRun: readDryRun(query, body, method),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  if (request.method === "GET" || request.method === "HEAD") return "";
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new StatusError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${bodyLimit}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const patchTypes = new Set([
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
]);

function parseBody(text: string, contentType: string, method: string): unknown {
  const fits = method === "PATCH" ? patchTypes.has(contentType) : contentType === "application/json";
  if (!fits) throw new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type");
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(
      method === "PATCH" ? "error decoding patch: invalid JSON" : "the object provided is unrecognized: json parse error",
    );
  }
}

/** `dryRun=All` from the query, or from the body of a delete. */
function readDryRun(query: URLSearchParams, body: unknown, method: string): boolean {
  const fromBody = method === "DELETE" ? asFields(body)["dryRun"] : undefined;
  const wanted: unknown[] = [...query.getAll("dryRun"), ...(Array.isArray(fromBody) ? fromBody : [])];
  if (wanted.some((value) => value !== "All")) {
    const message = `Unsupported value: ${JSON.stringify(wanted)}: supported values: "All"`;
    const causes = [{ reason: "FieldValueNotSupported", message, field: "dryRun" }];
    throw new StatusError(422, "Invalid", `PatchOptions.meta.k8s.io "" is invalid: dryRun: ${message}`, { causes });
  }
  return wanted.length > 0;
}

/** A JSON value as an object; an empty one for anything else. */
export function asFields(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Sends an answer. */
export function send(response: ServerResponse, { code, body }: Answer, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(code, { "content-type": "application/json", "cache-control": "no-cache, private", ...headers });
  response.end(text);
}

/** Sends a refusal; what is no `StatusError` is a bug of the simulation, and a 500. */
export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof StatusError ? error : new StatusError(500, "InternalError", `Internal error occurred: ${String(error)}`);
  const seconds = known.details?.retryAfterSeconds;
  send(response, { code: known.code, body: toStatus(known) }, seconds === undefined ? {} : { "retry-after": String(seconds) });
}
