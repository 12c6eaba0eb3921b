import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Takes a raw body, so that a signature can be checked over its bytes. */
export type RawRoute = (headers: IncomingHttpHeaders, url: URL, body: Buffer) => Promise<Answer>;

export interface HttpOptions {
  readonly port: number;
  readonly log: Log;
  /** `POST` by path. */
  readonly posts: Readonly<Record<string, RawRoute>>;
  /** `GET` by path. */
  readonly gets: Readonly<Record<string, () => Promise<Answer>>>;
  /** Takes the request as it is, e.g. Bolt's receiver. */
  readonly listeners: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>>;
}

/** The size that GitHub promises not to exceed. */
const maxBodyBytes = 25 * 1024 * 1024;

/** Listens; resolves with the port once connections are taken. */
export async function startHttp(options: HttpOptions): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 32_768 }, (request, response) => {
    route(options, request, response).catch((error: unknown) => {
      options.log.error({ error: messageOf(error), path: request.url?.split("?")[0] }, "Request failed");
      answer(response, { status: 500, text: "Something went wrong here; it is in the log." });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

async function route(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const listener = options.listeners[url.pathname];
  if (listener) return listener(request, response);
  const get = options.gets[url.pathname];
  const post = options.posts[url.pathname];
  const reads = request.method === "GET" || request.method === "HEAD";
  if (get && reads) return answer(response, await get());
  if (!post || request.method !== "POST") return answer(response, refusalOf(Boolean(get), Boolean(post)));
  const body = await readBody(request);
  if (!body) return answer(response, { status: 413, text: "The body is larger than 25 MB." }, true);
  answer(response, await post(request.headers, url, body));
}

function refusalOf(isRead: boolean, isWritten: boolean): Answer {
  if (!isRead && !isWritten) return { status: 404, text: "Nothing is here." };
  return { status: 405, text: `Only ${isRead ? "GET" : "POST"} is answered here.` };
}

/** The whole body, or undefined when it is too large; what is left is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, { status, text }: Answer, close = false): void {
  if (response.headersSent) return void response.end();
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  if (close) headers["connection"] = "close";
  response.writeHead(status, headers).end(`${text}\n`);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
