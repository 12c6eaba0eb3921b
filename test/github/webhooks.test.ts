import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import module from "@octokit/webhooks-examples";
import { Octokit } from "@octokit/core";
import { Webhooks } from "@octokit/webhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chain } from "#sim/github/commit.ts";
import { createRepository } from "#sim/github/repository.ts";
import { startLocalGitHub, type LocalGitHub } from "#sim/github/server.ts";
import { toPushPayload } from "#sim/github/push.ts";
import { aCommit, aFile, aRepository, someHistory } from "./builders.ts";
import { missingIn } from "./shape.ts";

// The package is JSON behind a declaration that names a default export.
const examples = module as unknown as { name: string; examples: Record<string, unknown>[] }[];
const addresses = { api: "https://api.github.com", html: "https://github.com" };
const received: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
let receiver: Server;
let github: LocalGitHub;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/github/webhooks`;
  github = await startLocalGitHub({ token: "secret", repositories: [aRepository()], webhook: { url, secret: "hush" } });
});
afterAll(async () => {
  await github[Symbol.asyncDispose]();
  receiver.close();
});
beforeEach(() => received.splice(0));

const push = (how?: "once" | "lost" | "twice") =>
  github.push("acme/monorepo", chain("0".repeat(40), [aCommit({ message: `feat: ${Math.random()}` })]), how);

describe("push webhooks", () => {
  it("have every field of GitHub's real ones that our readers could want", () => {
    const repository = createRepository(aRepository());
    const ours = toPushPayload(repository, "1".repeat(40), [repository.head()], addresses);
    const pushes = examples.find((example) => example.name === "push")!.examples;
    const real = pushes.find((example) => (example["commits"] as unknown[]).length > 0 && "installation" in example)!;

    expect(missingIn(ours, real)).toEqual([]);
    const read =
      /^(commits|head_commit|pusher|ref|before|after|compare|sender.login|repository.(full_name|html_url|default_branch))/;
    expect(missingIn(real, ours).filter((path) => read.test(path))).toEqual([]);
  });

  it("are signed over the raw body and carry a GUID", async () => {
    const delivery = await push();

    const [{ headers, body } = { headers: {}, body: "" }] = received;
    expect(await new Webhooks({ secret: "hush" }).verify(body, String(headers["x-hub-signature-256"]))).toBe(true);
    expect(headers).toMatchObject({ "x-github-event": "push", "x-github-delivery": delivery.guid });
    expect(delivery.statusCode).toBe(202);
  });

  it("list at most 2,048 commits, the newest", () => {
    const commits = someHistory(2_100);
    const payload = toPushPayload(createRepository(aRepository({ commits })), "1".repeat(40), commits, addresses);

    expect(payload.commits).toHaveLength(2_048);
    expect(payload.commits.at(-1)!.id).toBe(payload.after);
  });

  it("sort paths by what happened to them", () => {
    const files = (["added", "modified", "removed"] as const).map((status) => aFile({ path: `${status}.ts`, status }));
    const commits = chain(undefined, [aCommit({ files })]);
    const { head_commit: head } = toPushPayload(createRepository(aRepository({ commits })), "1".repeat(40), commits, addresses);

    expect(head).toMatchObject({ added: ["added.ts"], modified: ["modified.ts"], removed: ["removed.ts"] });
  });

  it("may arrive twice under one GUID, or never", async () => {
    await push("twice");
    expect(new Set(received.map(({ headers }) => headers["x-github-delivery"])).size).toBe(1);
    expect(received).toHaveLength(2);

    const lost = await push("lost");
    expect([received.length, lost.statusCode]).toEqual([2, 0]);
  });

  it("can be listed and sent again through the API", async () => {
    const octokit = new Octokit({ auth: "secret", baseUrl: github.url });
    const lost = await push("lost");
    const named = { owner: "acme", repo: "monorepo", hook_id: 1 };
    const list = await octokit.request("GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries", named);
    const failed = list.data.find((delivery) => delivery.guid === lost.guid)!;
    await octokit.request("POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts", {
      ...named,
      delivery_id: Number(failed.id),
    });

    expect(failed.status_code).toBe(0);
    expect(received.map(({ headers }) => headers["x-github-delivery"])).toEqual([lost.guid]);
  });
});
