import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readBody } from "#sim/slack/read-body.ts";
import { parseJson } from "#sim/slack/json.ts";
import { carryOut, parseAct, type ActOutcome } from "./acts.ts";
import { bundlePage, type Bundle } from "./bundle.ts";
import { readEmoji } from "./emoji-files.ts";
import { findServedFile } from "./files.ts";
import { createLive, type Live } from "./live.ts";
import type { LocalSlack } from "./slack.ts";
import { pageState, type ConsoleAct, type Fixed, type PageFacts, type Persona, type Shortcut } from "./state.ts";
import { createUsages } from "./usages.ts";

/** What the page shows. */
export interface PageOptions {
  readonly slack: LocalSlack;
  /** Read twice a second. */
  readonly facts: () => PageFacts;
  readonly consoleActs?: readonly ConsoleAct[];
  /** Whom one may be; everybody but bots when left out. */
  readonly personas?: readonly Persona[];
  /** The app's slash commands: `/k8s-why`. */
  readonly commands?: readonly string[];
  /** What the app has put into menus. */
  readonly shortcuts?: readonly Shortcut[];
  /** Nobody can write to the app itself. */
  readonly isAppReadOnly?: boolean;
  /** A free one when left out. */
  readonly port?: number;
  readonly title: string;
  /** What to do here, a sentence each. */
  readonly howTo: readonly string[];
}

/** Starts the page that shows a local Slack as people see it, on loopback. */
export async function startPage(options: PageOptions): Promise<AsyncDisposable & { readonly url: string }> {
  const bundle = await bundlePage();
  const usages = createUsages(options.slack, options.commands ?? [], () => live.changed("state"));
  const fixed = fixedOf(options);
  const live = createLive({ state: () => pageState(options.slack, { ...fixed, usages: usages.all() }), facts: options.facts });
  const server = createServer((request, response) => {
    if (request.url === "/live") usages.learn();
    const site = { bundle, live, title: options.title, slack: options.slack, act: (body: string) => act(options, body) };
    answer(request, response, site).catch((error: unknown) => {
      console.error("Page failed", error);
      response.destroy();
    });
  });
  const watching = options.slack.onChange((change) => {
    if (change.kind !== "request") live.changed("state");
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));
  const ticking = setInterval(() => live.changed("facts"), 500);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      clearInterval(ticking);
      watching[Symbol.dispose]();
      live.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fixedOf(options: PageOptions): Omit<Fixed, "usages"> {
  const people = options.slack.users.filter(({ isBot }) => !isBot);
  return {
    shortcuts: options.shortcuts ?? [],
    personas: options.personas ?? people.map(({ id }) => ({ user: id, role: "" })),
    isAppReadOnly: options.isAppReadOnly ?? false,
    title: options.title,
    howTo: options.howTo,
    acts: (options.consoleActs ?? []).map(({ id, label, hint }) => ({ id, label, ...(hint ? { hint } : {}) })),
  };
}

async function act(options: PageOptions, body: string): Promise<ActOutcome> {
  const parsed = parseAct(parseJson(body));
  if (!parsed) return { ok: false, say: "The page sent something that it should not" };
  try {
    return await carryOut(options.slack, options.consoleActs ?? [], parsed);
  } catch (error) {
    return { ok: false, say: error instanceof Error ? error.message : "That did not work" };
  }
}

interface Site {
  readonly bundle: Bundle;
  readonly live: Live;
  readonly title: string;
  readonly slack: LocalSlack;
  readonly act: (body: string) => Promise<ActOutcome>;
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  if (!/^(?:127\.0\.0\.1|localhost):\d+$/u.test(request.headers.host ?? "")) return void response.writeHead(421).end();
  const path = request.url?.split("?")[0] ?? "";
  if (request.method === "POST" && path === "/acts") return await answerAct(request, response, site);
  if (request.method !== "GET") return void response.writeHead(405).end();
  if (path === "/live") return site.live.add(response);
  if (path.startsWith("/files/")) return answerSharedFile(request, response, path, site);
  await answerFile(response, path, site);
}

/** A file that was shared in Slack; it is somebody else's, so a browser may only show it as what we say that it is. */
function answerSharedFile(request: IncomingMessage, response: ServerResponse, path: string, { slack }: Site): void {
  const file = findServedFile(slack, path);
  if (!file) return void response.writeHead(404).end();
  const kind = request.url?.endsWith("?download") ? "attachment" : "inline";
  const headers = {
    "content-type": file.type,
    "content-disposition": `${kind}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
  response.writeHead(200, headers).end(file.body);
}

async function answerFile(response: ServerResponse, path: string, site: Site): Promise<void> {
  const file = filesOf(site)[path] ?? (await emojiFile(path));
  if (file) send(response, file.type, file.body);
  else response.writeHead(404).end();
}

async function answerAct(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  // A page of another origin cannot send this type without asking first.
  if (request.headers["content-type"] !== "application/json") return void response.writeHead(415).end();
  send(response, "application/json", JSON.stringify(await site.act((await readBody(request)) ?? "")));
}

interface File {
  readonly type: string;
  readonly body: string;
}

async function emojiFile(path: string): Promise<File | undefined> {
  const body = await readEmoji(path);
  return body === undefined ? undefined : { type: "image/svg+xml", body };
}

function filesOf(site: Site): Record<string, File | undefined> {
  return {
    "/": { type: "text/html; charset=utf-8", body: shell(site.title) },
    "/page.js": { type: "text/javascript; charset=utf-8", body: site.bundle.script },
    "/page.css": { type: "text/css; charset=utf-8", body: site.bundle.style },
  };
}

function send(response: ServerResponse, type: string, body: string): void {
  const policy =
    "default-src 'self'; img-src 'self' data: http://127.0.0.1:*; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
  response.writeHead(200, { "content-type": type, "cache-control": "no-store", "content-security-policy": policy }).end(body);
}

function shell(title: string): string {
  const safe = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head><body><div id="root"></div><script type="module" src="/page.js"></script></body></html>`;
}
