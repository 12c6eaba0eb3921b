import type { IncomingMessage } from "node:http";
import { isJson, parseJson } from "./json.ts";
import type { Json } from "./types.ts";

/** Largest body that is read, in bytes; an upload may be larger. */
const MAX_BODY = 4_000_000;
const MAX_UPLOAD = 12_000_000;

/** Reads a whole body as text; undefined when it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  return (await readBytes(request, MAX_BODY))?.toString("utf8");
}

/** Reads a whole body as it is; undefined when it is too large. */
export async function readBytes(request: IncomingMessage, most = MAX_UPLOAD): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > most) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Arguments of a call from its body (a form or JSON) and its query; undefined when the JSON is broken. */
export function parseArguments(contentType: string, body: string, query: URLSearchParams): Json | undefined {
  const fromQuery = Object.fromEntries(query);
  if (!contentType.includes("json")) return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) };
  const parsed = body === "" ? {} : parseJson(body);
  return isJson(parsed) ? { ...fromQuery, ...parsed } : undefined;
}
