import module from "@octokit/webhooks-examples";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGitHubReceiver } from "#watchers/github/watch.ts";
import { openDoor, post, secret, sign, type Door } from "./door.ts";
import { aPush, aPushedCommit, sha } from "./builders.ts";

// The package is JSON behind a declaration that names a default export.
const examples = module as unknown as { name: string; examples: Record<string, unknown>[] }[];

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());
beforeEach(() => {
  door.accepted.splice(0);
  door.fail = undefined;
});

const send = (body: unknown, headers?: Record<string, string | undefined>) => post(door.url, JSON.stringify(body), headers);

describe("the door for GitHub's webhooks", () => {
  it("takes GitHub's real payloads, and keeps only pushes to the default branch", async () => {
    const statuses = new Set<number>();
    for (const { name, examples: payloads } of examples)
      for (const payload of payloads.slice(0, 8)) statuses.add(await send(payload, { "x-github-event": name }));

    expect([...statuses]).toEqual([202]);
    expect(door.accepted.length).toBeGreaterThan(0);
    expect(new Set(door.accepted.map(({ push }) => `${push?.repository}@${push?.branch}`))).toEqual(
      new Set(["Codertocat/Hello-World@master"]),
    );
    expect(door.accepted[0]?.push?.before).toBeUndefined();
    expect(door.accepted[0]?.push?.landings[0]).toMatchObject({
      at: Date.UTC(2019, 4, 15, 15, 19, 25),
      message: "Initial commit",
      author: { login: "Codertocat" },
    });
  });

  it.each([
    ["no signature", { "x-hub-signature-256": undefined }],
    ["a signature by another secret", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }],
    ["a signature of another kind", { "x-hub-signature-256": "sha1=0" }],
  ])("answers 401 to %s", async (_name, headers) => {
    expect(await send(aPush(), headers)).toBe(401);
    expect(door.accepted).toEqual([]);
  });

  it("answers 401 to a body that was changed after signing, and to an empty one", async () => {
    const signature = sign(JSON.stringify(aPush()));
    expect(await send(aPush(), { "x-hub-signature-256": signature })).toBe(202);
    expect(await send(aPush({ before: sha(9) }), { "x-hub-signature-256": signature })).toBe(401);
    expect(await post(door.url, "")).toBe(401);
    expect(door.accepted).toHaveLength(1);
  });

  it.each([
    "{",
    "[]",
    "payload=%7B%7D",
    JSON.stringify({ ...aPush(), after: "main" }),
    JSON.stringify({ ...aPush(), commits: [{}] }),
  ])("answers 400 to %s", async (body) => {
    expect(await post(door.url, body)).toBe(400);
    expect(door.accepted).toEqual([]);
  });

  it("answers 400 without a delivery id or an event", async () => {
    expect(await send(aPush(), { "x-github-delivery": undefined })).toBe(400);
    expect(await send(aPush(), { "x-github-event": undefined })).toBe(400);
  });

  it("answers 413 to more than 25 MB, signed or not", async () => {
    const receive = createGitHubReceiver({ secret, accept: async () => {} });
    expect(await receive({}, Buffer.alloc(25 * 1024 * 1024 + 1))).toMatchObject({ status: 413 });
  });

  it("ignores other branches, tags and unknown events", async () => {
    expect(await send(aPush({ ref: "refs/heads/other" }))).toBe(202);
    expect(await send(aPush({ ref: "refs/tags/main" }))).toBe(202);
    expect(await send({ zen: "Keep it logically awesome." }, { "x-github-event": "ping" })).toBe(202);
    expect(await send({}, { "x-github-event": "something_new" })).toBe(202);
    expect(door.accepted).toEqual([]);
  });

  it("answers 503 when it cannot be kept", async () => {
    door.fail = new Error("Redis is away");
    expect(await send(aPush())).toBe(503);
    door.fail = undefined;
    expect(await send(aPush())).toBe(202);
  });

  it("says which delivery it was, so that a repeat can be known", async () => {
    await send(aPush(), { "x-github-delivery": "a-guid" });
    await send(aPush(), { "x-github-delivery": "a-guid" });
    expect(door.accepted.map(({ id }) => id)).toEqual(["a-guid", "a-guid"]);
    expect(door.accepted[0]).toEqual(door.accepted[1]);
  });

  it("cuts a message of 3 MB and a list of 3,500 files", async () => {
    const modified = Array.from({ length: 3_500 }, (_, index) => `docs/${index}.md`);
    const message = `feat: much (#5)\n${"😀<!channel>".repeat(250_000)}`;
    expect(await send(aPush({ commits: [aPushedCommit({ id: sha(1), message, modified })] }))).toBe(202);

    const [landing] = door.accepted[0]?.push?.landings ?? [];
    expect(landing?.message.length).toBe(10_000);
    expect(landing?.message.isWellFormed()).toBe(true);
    expect(landing?.files.length).toBe(3_000);
    expect(landing?.filesTotal).toBe(3_500);
    expect(landing?.pullRequest).toBe(5);
  });
});
