import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createGitHubClient, type GitHubClientOptions } from "#clients/github/client.ts";
import { silentLog } from "#lib/log.ts";

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Nothing is answered, or only half of it. */
  readonly how?: "silent" | "half" | "hang-up";
}

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** A server that answers as it is told, and remembers what it was asked. */
async function serve(answer: (request: IncomingMessage, count: number) => Reply) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ""}`);
    const { status = 200, body = {}, headers = {}, how } = answer(request, asked.length);
    if (how === "silent") return;
    if (how === "hang-up") return void request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json", ...headers });
    if (how !== "half") return void response.end(JSON.stringify(body));
    response.write('{"half":', () => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3/` };
}

const clientOf = (apiUrl: string, over: Partial<GitHubClientOptions> = {}) =>
  createGitHubClient({ apiUrl, token: "secret", log: silentLog, retryAfterMs: 1, answerWithinMs: 400, ...over });
const ask = (apiUrl: string) => clientOf(apiUrl).get("acme/shop", "/commits/{ref}", { ref: "a/b", page: 2 });

describe("asking GitHub", () => {
  it("sends the token and keeps Enterprise's path; says whether there is more", async () => {
    const { asked, apiUrl } = await serve(() => ({ body: { sha: "x" }, headers: { link: '<http://x/?page=3>; rel="next"' } }));
    expect(await ask(apiUrl)).toEqual({ kind: "found", data: { sha: "x" }, more: true });
    expect(asked).toEqual(["GET /api/v3/repos/acme/shop/commits/a%2Fb?page=2 token secret"]);
  });

  it.each([404, 409, 422])("calls %i absent, at once", async (status) => {
    const { asked, apiUrl } = await serve(() => ({ status, body: { message: "No" } }));
    expect(await ask(apiUrl)).toEqual({ kind: "absent", status });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ["a 502", { status: 502, body: { message: "Bad gateway" } }],
    ["a hang-up", { how: "hang-up" }],
    ["silence", { how: "silent" }],
  ])("tries %s again, twice, then calls it temporary", async (_name, reply) => {
    const { asked, apiUrl } = await serve(() => reply);
    await expect(ask(apiUrl)).rejects.toMatchObject({ name: "TemporaryError" });
    expect(asked).toHaveLength(3);
  });

  it("goes on when the second try succeeds", async () => {
    const { apiUrl } = await serve((_request, count) => (count === 1 ? { status: 503 } : { body: [1] }));
    expect(await ask(apiUrl)).toMatchObject({ kind: "found", data: [1] });
  });

  it("calls half an answer temporary", async () => {
    const { apiUrl } = await serve(() => ({ how: "half" }));
    await expect(ask(apiUrl)).rejects.toMatchObject({ name: "TemporaryError" });
  });

  it("calls nobody at the other end temporary", async () => {
    const { apiUrl } = await serve(() => ({}));
    await stack.disposeAsync();
    await expect(ask(apiUrl)).rejects.toMatchObject({ name: "TemporaryError" });
    stack = new AsyncDisposableStack();
  });

  it.each<[string, Reply, number]>([
    ["429", { status: 429, body: { message: "Too many" }, headers: { "retry-after": "30" } }, 30_000],
    [
      "a secondary limit",
      { status: 403, body: { message: "You have exceeded a secondary rate limit." }, headers: { "retry-after": "60" } },
      60_000,
    ],
  ])("leaves a long wait after %s to the job", async (_name, reply, retryAfterMs) => {
    const { asked, apiUrl } = await serve(() => reply);
    await expect(ask(apiUrl)).rejects.toMatchObject({ name: "TemporaryError", retryAfterMs });
    expect(asked).toHaveLength(1);
  });

  it("says until when the quota is gone, at most an hour", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1_000) + 90_000) };
    const { apiUrl } = await serve(() => ({ status: 403, body: { message: "API rate limit exceeded" }, headers }));
    await expect(ask(apiUrl)).rejects.toMatchObject({ name: "TemporaryError", retryAfterMs: 3_600_000 });
  });

  it.each([
    [401, "GitHub does not accept our credentials"],
    [403, "GitHub answered 403, Resource not accessible"],
  ])("says %i in a sentence, not temporary", async (status, text) => {
    const { apiUrl } = await serve(() => ({ status, body: { message: "Resource not accessible" } }));
    const failure = await ask(apiUrl).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ name: "Error", message: expect.stringContaining(text) as string });
  });
});

describe("as an app", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  const app = { token: undefined, appId: "12", privateKey: pem.replaceAll("\n", String.raw`\n`) };

  it("signs in once for an owner and reads with the installation's token", async () => {
    const { asked, apiUrl } = await serve(({ url = "" }) => {
      if (url.endsWith("/installation")) return { body: { id: 77 } };
      if (url.endsWith("/access_tokens")) return { status: 201, body: { token: "ghs_1", expires_at: expires, permissions: {} } };
      return { body: [] };
    });
    const client = clientOf(apiUrl, app);
    await Promise.all(["acme/shop", "Acme/other"].map((repository) => client.get(repository, "/commits")));

    expect(asked.map((line) => line.replace(/bearer ey.*/, "jwt")).toSorted()).toEqual([
      "GET /api/v3/repos/Acme/other/commits token ghs_1",
      "GET /api/v3/repos/acme/shop/commits token ghs_1",
      "GET /api/v3/repos/acme/shop/installation jwt",
      expect.stringMatching(/^POST \/api\/v3\/app\/installations\/77\/access_tokens jwt$/),
      ...asked.slice(4).map(() => expect.stringMatching(/access_tokens jwt$/) as string),
    ]);
  });

  it("says that the app is not installed, and asks again the next time", async () => {
    const { asked, apiUrl } = await serve(() => ({ status: 404, body: { message: "Not Found" } }));
    const client = clientOf(apiUrl, app);
    for (const times of [1, 2]) {
      await expect(client.get("acme/shop", "/commits")).rejects.toThrow("the app is not installed there");
      expect(asked).toHaveLength(times);
    }
  });

  it("asks for the installation anew when the known one is gone", async () => {
    const { asked, apiUrl } = await serve(({ url = "" }) =>
      url.endsWith("/installation") ? { body: { id: 77 } } : { status: 404, body: { message: "Not Found" } },
    );
    const client = clientOf(apiUrl, app);
    for (let times = 0; times < 2; times++)
      await expect(client.get("acme/shop", "/commits")).rejects.toThrow("GitHub answered 404");
    expect(asked.filter((line) => line.includes("/installation "))).toHaveLength(2);
  });
});
