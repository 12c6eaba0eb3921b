import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { startPage } from "#sim/page/start-page.ts";
import { aSlack } from "#test/slack/bolt-app.ts";
import { callOn } from "#test/slack/call.ts";

let stack: AsyncDisposableStack;
let slack: LocalSlack;
let url: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  slack = stack.use(await aSlack());
  const page = await startPage({ slack, facts: () => ({ clockAt: 0, items: [] }), title: "<b>Story</b>", howTo: [] });
  url = stack.use(page).url;
});
afterAll(async () => await stack.disposeAsync());

async function status(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });
}

describe("the page's server", () => {
  it("serves everything itself and lets nothing come from elsewhere", async () => {
    const response = await fetch(url);
    const html = await response.text();

    expect(html).toContain("<title>&lt;b>Story&lt;/b></title>");
    expect(html).not.toMatch(/https?:\/\//u);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(await status("/page.js")).toBe(200);
    expect(await status("/page.css")).toBe(200);
    expect(await status("/emoji/1f534.svg")).toBe(200);
  });

  it.each(["/emoji/..%2f..%2fpackage.json", "/emoji/../../package.json", "/emoji/0.svg", "/package.json"])(
    "has no %s",
    async (path) => {
      expect(await status(path)).toBe(404);
    },
  );

  it("serves a shared file as what it may be, in a sandbox, and no unfinished one", async () => {
    const share = async (filename: string) => {
      const { upload_url, file_id } = await callOn(slack, "files.getUploadURLExternal", { filename, length: 4 });
      await fetch(upload_url, { method: "POST", body: "<b/>" });
      return file_id;
    };
    const unfinished = await share("later.png");
    const served: Record<string, (string | null)[]> = {};
    for (const name of ["a.png", "a.svg", "a.html", "a.md"]) {
      const id = await share(name);
      await callOn(slack, "files.completeUploadExternal", { files: [{ id }] });
      const { headers } = await fetch(new URL(`/files/${id}?download`, url));
      served[name] = ["content-type", "content-disposition", "content-security-policy"].map((each) => headers.get(each));
    }

    const sandbox = "sandbox; default-src 'none'";
    expect(served).toEqual({
      "a.png": ["image/png", "attachment; filename*=UTF-8''a.png", sandbox],
      "a.svg": ["application/octet-stream", "attachment; filename*=UTF-8''a.svg", sandbox],
      "a.html": ["application/octet-stream", "attachment; filename*=UTF-8''a.html", sandbox],
      "a.md": ["text/plain; charset=utf-8", "attachment; filename*=UTF-8''a.md", sandbox],
    });
    expect(await status(`/files/${unfinished}`)).toBe(404);
    expect(await status("/files/../package.json")).toBe(404);
  });

  it("answers to no other name, so that no other site can read it", async () => {
    expect(await status("/", { host: "evil.example" })).toBe(421);
  });

  it("takes acts only in a type that other sites cannot send", async () => {
    expect(await status("/acts", { "content-type": "text/plain" }, "POST")).toBe(415);
    expect(await status("/", {}, "POST")).toBe(405);
  });

  it.each(["not json", "{}", '{"kind":"console","id":"none"}', '{"kind":"submit","user":"U","view":"V0","values":{}}'])(
    "says no to %s",
    async (body) => {
      const response = await fetch(new URL("/acts", url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });

      expect(await response.json()).toMatchObject({ ok: false, say: expect.any(String) });
    },
  );
});
