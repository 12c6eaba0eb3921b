import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalGitHub, type LocalGitHub } from "#sim/github/server.ts";
import { aRepository } from "./builders.ts";
import { missingIn } from "./shape.ts";

// Another hand's GitHub: what ours says must be there too, under the same names and types. Its branches are sparser than GitHub's.
let theirs: Emulator;
let ours: LocalGitHub;
const put = async (path: string, content: string) =>
  fetch(`${theirs.url}/repos/acme/monorepo/contents/${path}`, {
    method: "PUT",
    headers: { authorization: "Bearer secret", "content-type": "application/json" },
    body: JSON.stringify({ message: `add ${path}`, content: Buffer.from(content).toString("base64") }),
  });

beforeAll(async () => {
  const seed = {
    github: {
      users: [{ login: "acme", name: "Acme", email: "a@example.com" }],
      repos: [{ owner: "acme", name: "monorepo", auto_init: true }],
    },
    tokens: { secret: { login: "acme", scopes: ["repo"] } },
  };
  theirs = await createEmulator({ service: "github", port: await freePort(), seed });
  await put("one.ts", "a\n");
  await put(".github/CODEOWNERS", "* @acme\n");
  ours = await startLocalGitHub({ token: "secret", repositories: [aRepository()] });
});
afterAll(async () => {
  await ours[Symbol.asyncDispose]();
  await theirs.close();
});

async function both(path: (sha: string) => string): Promise<{ status: [number, number]; missing: string[] }> {
  const answers = await Promise.all(
    [ours.url, theirs.url].map(async (url) => {
      const get = (below: string) => fetch(`${url}/repos/acme/monorepo${below}`, { headers: { authorization: "Bearer secret" } });
      const list = (await (await get("/commits")).json()) as { sha: string }[];
      const response = await get(path(list.at(-1)!.sha));
      return { status: response.status, body: (await response.json()) as unknown };
    }),
  );
  const [a, b] = answers as [(typeof answers)[0], (typeof answers)[0]];
  return { status: [a.status, b.status], missing: missingIn(a.body, b.body) };
}

describe("the local GitHub beside emulate's", () => {
  it.each([
    ["a repository", () => ""],
    ["commits", () => "/commits"],
    ["a commit", () => "/commits/main"],
    ["a comparison", (sha: string) => `/compare/${sha}...main`],
    ["a file", () => "/contents/.github/CODEOWNERS"],
    ["a tree", () => "/git/trees/main?recursive=1"],
  ])("answers %s in the same shape", async (_name, path) => {
    expect(await both(path)).toEqual({ status: [200, 200], missing: [] });
  });

  it.each([
    ["an unknown branch", "/branches/nope"],
    ["an unknown file", "/contents/nope"],
    ["an unknown comparison", "/compare/nope...main"],
  ])("refuses %s alike", async (_name, path) => {
    expect((await both(() => path)).status).toEqual([404, 404]);
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
