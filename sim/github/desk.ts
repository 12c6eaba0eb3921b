import type { IncomingMessage, ServerResponse } from "node:http";
import { notFound, ok, refusal, type Answer } from "./answer.ts";
import { sha1 } from "./commit.ts";
import { answerDeliveries } from "./deliveries.ts";
import { renderPage } from "./pages.ts";
import { answerRepository } from "./routes.ts";
import type { Hooks } from "./hooks.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Repository } from "./repository.ts";
import type { Addresses } from "./shapes.ts";

/** What an answer needs. */
export interface Desk {
  readonly token: string;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly hooks: Hooks;
  readonly limit: RateLimit;
  readonly to: Addresses;
}

/** Answers one request; a browser, which has no token, gets a page. */
export async function serve(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", desk.to.api);
  const page = request.headers.authorization ? undefined : renderPage(desk.repositories, url);
  if (page) return void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  const { status, body, link } = await route(desk, request, url).catch(() => refusal(500, "Server Error"));
  const text = JSON.stringify(body);
  const etag = `W/"${sha1(text)}"`;
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": sha1(`${Date.now()}`).slice(0, 20),
    etag,
    ...desk.limit.headers(),
    ...(link ? { link } : {}),
  };
  if (status === 200 && request.headers["if-none-match"] === etag) return void response.writeHead(304, headers).end();
  response.writeHead(status, headers).end(text);
}

async function route(desk: Desk, request: IncomingMessage, url: URL): Promise<Answer> {
  const { authorization } = request.headers;
  if (!isAuthorised(authorization, desk.token))
    return refusal(401, authorization ? "Bad credentials" : "Requires authentication");
  if (url.pathname === "/rate_limit") return ok(desk.limit.body());
  if (!desk.limit.take()) return refusal(403, "API rate limit exceeded for this token.");
  const [, name = "", path = ""] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  const repository = desk.repositories.get(name);
  return repository ? inRepository(desk, repository, request.method ?? "GET", path, url) : notFound();
}

async function inRepository(desk: Desk, repository: Repository, method: string, path: string, url: URL): Promise<Answer> {
  const hook = /^\/hooks\/1\/deliveries(\/.*)?$/.exec(path);
  if (hook) return answerDeliveries(desk.hooks, method, hook[1] ?? "", url, repository.fullName);
  return method === "GET" || method === "HEAD" ? answerRepository(repository, path, url, desk.to) : notFound();
}

function isAuthorised(header: string | undefined, token: string): boolean {
  return header === `Bearer ${token}` || header === `token ${token}`;
}
