import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHttp } from "#app/http.ts";
import { silentLog } from "#lib/log.ts";

describe("HTTP", () => {
  let server: Awaited<ReturnType<typeof startHttp>>;
  const bodies: Buffer[] = [];
  beforeAll(async () => {
    server = await startHttp({
      port: 0,
      log: silentLog,
      posts: {
        "/echo": async (headers, url, body) => {
          bodies.push(body);
          return { status: 202, text: `${String(headers["x-word"])} ${url.searchParams.get("q")} ${body.length}` };
        },
        "/broken": async () => {
          throw new Error("boom with a secret");
        },
      },
      gets: { "/healthz": async () => ({ status: 200, text: "ok" }) },
      listeners: { "/listen": (_request, response) => void response.writeHead(418).end() },
    });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

  test("hands the bytes over as they came", async () => {
    const sent = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    const response = await fetch(at("/echo?q=1"), { method: "POST", body: sent, headers: { "x-word": "w" } });
    expect([response.status, await response.text()]).toEqual([202, "w 1 4\n"]);
    expect(bodies.at(-1)?.equals(sent)).toBe(true);
  });

  test("knows its paths and methods", async () => {
    const status = async (path: string, method: string) => (await fetch(at(path), { method })).status;
    expect(await status("/healthz", "GET")).toBe(200);
    expect(await status("/healthz", "POST")).toBe(405);
    expect(await status("/echo", "GET")).toBe(405);
    expect(await status("/nothing", "POST")).toBe(404);
    expect(await status("/listen", "POST")).toBe(418);
  });

  test("a body that says it is over 25 MB is refused before it is read", async () => {
    expect(await postSaying(at("/echo"), 25 * 1024 * 1024 + 1, 10)).toBe(413);
  });

  test("a body that grows over 25 MB unsaid is refused too", async () => {
    expect(await postSaying(at("/echo"), undefined, 25 * 1024 * 1024 + 1)).toBe(413);
    expect(bodies.every((body) => body.length < 100)).toBe(true);
  });

  test("a surprise is a 500 that tells nothing of the inside", async () => {
    const response = await fetch(at("/broken"), { method: "POST", body: "{}" });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
  });
});

/** Sends `bytes` bytes, claiming `said` as the length (chunked without), and resolves with the status. */
function postSaying(url: string, said: number | undefined, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: "POST", headers: said === undefined ? {} : { "content-length": String(said) } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        outgoing.destroy();
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? undefined : reject(error),
    );
    outgoing.write(Buffer.alloc(bytes));
    if (said === undefined) outgoing.end();
  });
}
