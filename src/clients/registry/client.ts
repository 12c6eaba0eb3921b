import { isIP } from "node:net";
import { Agent, type Dispatcher, request } from "undici";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { isPublicAddress, lookupPublic } from "./addresses.ts";

export interface RegistryClient {
  /**
   * GET below `/v2/` at a registry that the configuration names, signed in as nobody. Undefined: not there, or not for us to see.
   * Throws TemporaryError when the registry is away, an Error for a registry that is not named.
   */
  get(host: string, path: string, accept: string): Promise<unknown>;
}

/** An investigation waits for the answer. Wall milliseconds. */
const answerWithinMs = 5_000;
const maxBytes = 2 * 1024 * 1024;
const maxRedirects = 3;

interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Named by the configuration: it may stand in a private network. */
  readonly trusted: boolean;
}

/**
 * Reads from the registries of a list: `host`, `host:port`, or `http://host:port`. An image's name comes from whoever may deploy, so it decides
 * nothing but the path: no other host is asked, and where a registry sends us elsewhere (its storage, its sign-in), only to public addresses by HTTPS.
 */
export function createRegistryClient(registries: readonly string[]): RegistryClient & AsyncDisposable {
  const bases = new Map(registries.map(toBase));
  const connect = { timeout: answerWithinMs };
  const agents = { trusted: new Agent({ connect }), stranger: new Agent({ connect: { ...connect, lookup: lookupPublic } }) };
  const ask = (asked: Asked) => send(asked, asked.trusted ? agents.trusted : agents.stranger);
  return {
    get: async (host, path, accept) => {
      const base = bases.get(host);
      if (!base) throw new Error(`Cannot read from the registry "${host}": the configuration does not name it`);
      const first: Asked = { url: new URL(`${base}/v2/${path}`), headers: { accept }, trusted: true };
      const answer = await follow(ask, first, base);
      if (answer.statusCode !== 401) return answer.body;
      const token = await signIn(ask, answer.challenge, base);
      if (token === undefined) return undefined;
      return (await follow(ask, { ...first, headers: { accept, authorization: `Bearer ${token}` } }, base)).body;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([agents.trusted.close(), agents.stranger.close()]);
    },
  };
}

function toBase(registry: string): [string, string] {
  const url = new URL(registry.startsWith("http://") ? registry : `https://${registry}`);
  const isHub = url.host === "docker.io";
  // As an image's name writes it: a URL forgets a port that is the usual one.
  return [registry.replace(/^http:\/\//, ""), isHub ? "https://registry-1.docker.io" : url.origin];
}

interface Reply {
  readonly statusCode: number;
  /** Parsed JSON of a 200. */
  readonly body?: unknown;
  readonly challenge?: string;
  readonly location?: string;
}

type Ask = (asked: Asked) => Promise<Reply>;

async function follow(ask: Ask, first: Asked, base: string): Promise<Reply> {
  let asked = first;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const reply = await ask(asked);
    if (reply.location === undefined) return reply;
    const next = toNext(new URL(reply.location, asked.url), base);
    // A token is for the registry, not for where its storage is.
    const { authorization: _authorization, ...headers } = asked.headers;
    asked = { ...next, headers: next.url.origin === asked.url.origin ? asked.headers : headers };
  }
  throw new Error(`Cannot read from "${first.url.host}": it sends us on more than ${maxRedirects} times`);
}

/** Where a registry sends us: back to itself, or by HTTPS to the public internet. */
function toNext(url: URL, base: string): Pick<Asked, "url" | "trusted"> {
  const trusted = url.origin === base;
  const isAddress = isIP(url.hostname.replace(/^\[(.*)\]$/, "$1")) !== 0;
  if (!trusted && (url.protocol !== "https:" || (isAddress && !isPublicAddress(url.hostname))))
    throw new Error(`Cannot follow the registry to "${url.host}": only public addresses by HTTPS`);
  return { url, trusted };
}

/** `Bearer realm="https://...",service="...",scope="..."` (https://distribution.github.io/distribution/spec/auth/token/). */
async function signIn(ask: Ask, challenge: string | undefined, base: string): Promise<string | undefined> {
  const said = new Map([...(challenge ?? "").slice(0, 2_000).matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2]]));
  const realm = said.get("realm");
  if (!realm || !URL.canParse(realm)) return undefined;
  const next = toNext(new URL(realm), base);
  for (const name of ["service", "scope"]) {
    const value = said.get(name);
    if (value) next.url.searchParams.set(name, value);
  }
  const { body } = await follow(ask, { ...next, headers: { accept: "application/json" } }, base);
  const answer = (body ?? {}) as { readonly token?: unknown; readonly access_token?: unknown };
  const token = answer.token ?? answer.access_token;
  return typeof token === "string" && /^[\w.~+/=-]{1,10000}$/.test(token) ? token : undefined;
}

async function send({ url, headers }: Asked, dispatcher: Dispatcher): Promise<Reply> {
  try {
    const reply = await request(url, { dispatcher, headers, signal: AbortSignal.timeout(answerWithinMs) });
    const { statusCode } = reply;
    const header = (name: string) => [reply.headers[name] ?? []].flat()[0];
    if (statusCode !== 200) {
      await reply.body.dump({ limit: 65_536 });
      if (statusCode === 429 || statusCode >= 500) throw new Error(`it answers ${statusCode}`);
      const location = statusCode >= 300 && statusCode < 400 ? header("location") : undefined;
      return { statusCode, challenge: header("www-authenticate"), ...(location !== undefined && { location }) };
    }
    return { statusCode, body: JSON.parse(await readText(reply.body)) };
  } catch (error) {
    throw new TemporaryError(`Cannot read from the registry at "${url.host}": ${messageOf(error)}`, { cause: error });
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error("its answer is larger than 2 MB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
