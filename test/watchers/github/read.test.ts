import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Landing } from "#domain/change.ts";
import { chain, mergeOnto } from "#sim/github/commit.ts";
import { createGitHubClient } from "#clients/github/client.ts";
import { createGitHubReader } from "#watchers/github/read.ts";
import { silentLog } from "#lib/log.ts";
import { startLocalGitHub } from "#sim/github/server.ts";
import type { Commit } from "#sim/github/types.ts";
import { aCommit, aFile, aRepository, someHistory, start } from "#test/github/builders.ts";
import { openDoor, secret } from "./door.ts";

const name = "acme/monorepo";
const hour = 3_600_000;
let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** Passes requests on, and answers 429 to those that it is to refuse. */
async function startProxy(to: string, refuses: (path: string) => boolean): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (refuses(path)) return void response.writeHead(429, { "retry-after": "60" }).end();
    void fetch(to + path, { headers: { authorization: request.headers.authorization ?? "" } }).then(async (answer) =>
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text()),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(commits: readonly Commit[] = someHistory(5)) {
  const door = stack.use(await openDoor());
  const github = stack.use(
    await startLocalGitHub({
      token: "secret",
      repositories: [aRepository({ commits })],
      webhook: { url: door.url, secret },
    }),
  );
  const client = createGitHubClient({ apiUrl: github.url, token: "secret", log: silentLog });
  return { door, github, reader: createGitHubReader(client) };
}

const bo = { name: "Bo", email: "bo@example.com", login: "bo" };

describe("landings by webhook and by the API", () => {
  it("are the same, field for field", async () => {
    const { door, github, reader } = await open();
    const head = someHistory(5).at(-1)!;
    const files = [aFile({ path: "z", status: "removed" }), aFile({ path: "a", status: "added" }), aFile({ path: "m" })];
    const direct = chain(head.sha, [
      aCommit({ at: start + 6 * hour, files }),
      aCommit({ at: start + 7 * hour, message: "docs: no number" }),
    ]);
    const side = [
      aCommit({ at: start + 6.5 * hour, author: bo, message: "wip", files: [aFile({ path: "side", status: "added" })] }),
    ];
    const title = "Merge pull request #44 from bo/topic\n\nfeat: topic|requires care";
    const merged = mergeOnto(direct.at(-1)!.sha, side, aCommit({ at: start + 8 * hour, message: title, files: side[0]!.files }));
    const after = chain(merged.at(-1)!.sha, [
      aCommit({ at: start + 9 * hour, message: `feat: long (#45)\n${"é".repeat(20_000)}` }),
    ]);
    for (const commits of [direct, merged, after]) expect(await github.push(name, commits)).toMatchObject({ statusCode: 202 });

    const heard = door.accepted.flatMap(({ push }) => push?.landings ?? []);
    const read = await reader.landingsSince(name, "main", { sha: head.sha, at: head.at });

    expect(read).toEqual(heard);
    expect(read.map(({ pullRequest }) => pullRequest)).toEqual([7, undefined, 44, 45]);
    expect(read[2]).toMatchObject({
      author: { name: "Bo", login: "bo" },
      files: [{ path: "side", status: "added" }],
      url: `${github.url}/${name}/commit/${merged.at(-1)!.sha}`,
    });
  });

  it("are the same with 3,000 files", async () => {
    const { door, github, reader } = await open();
    const files = Array.from({ length: 3_000 }, (_, index) => aFile({ path: `docs/${index}.md` }));
    await github.push(name, chain(someHistory(5).at(-1)!.sha, [aCommit({ at: start + 6 * hour, files })]));

    const [landing] = await reader.landingsSince(name, "main", { at: start + 5 * hour });
    expect(landing).toEqual(door.accepted[0]!.push!.landings[0]);
    expect(landing).toMatchObject({ filesTotal: 3_000 });
  });

  it("are told of a delivery that was repeated under the same id", async () => {
    const { door, github } = await open();
    await github.push(name, chain(someHistory(5).at(-1)!.sha, [aCommit({ at: start + 6 * hour })]), "twice");
    expect(door.accepted.map(({ id }) => id)).toEqual([github.deliveries[0]!.guid, github.deliveries[0]!.guid]);
  });
});

describe("reading landings", () => {
  const shas = (landings: readonly Landing[]) => landings.map(({ sha }) => sha);

  it("stops at the commit that is known, over pages, oldest first", async () => {
    const history = someHistory(260);
    const { reader } = await open(history);
    const known = history[20]!;
    expect(shas(await reader.landingsSince(name, "main", { sha: known.sha, at: known.at }))).toEqual(
      history.slice(21).map(({ sha }) => sha),
    );
    expect(await reader.landingsSince(name, "main", { sha: history.at(-1)!.sha, at: history.at(-1)!.at })).toEqual([]);
  });

  it("goes by time when no commit is known, or the known one is gone", async () => {
    const history = someHistory(30);
    const { reader } = await open(history);
    const at = start + 20 * hour;
    const expected = history.slice(20).map(({ sha }) => sha);
    expect(shas(await reader.landingsSince(name, "main", { at }))).toEqual(expected);
    expect(shas(await reader.landingsSince(name, "main", { sha: "f".repeat(40), at }))).toEqual(expect.arrayContaining(expected));
  });

  it("asks for a landing's paths once", async () => {
    const { github, reader } = await open();
    await reader.landingsSince(name, "main", { at: 0 });
    const before = github.requests();
    await reader.landingsSince(name, "main", { at: 0 });
    expect(github.requests() - before).toBe(1);
  });

  it("goes on after a failure with what was read before", async () => {
    const { github } = await open(someHistory(30));
    const asked: string[] = [];
    let refuseAfter = 12;
    const apiUrl = await startProxy(github.url, (path) => /commits\/[0-9a-f]{40}$/.test(path) && asked.push(path) > refuseAfter);
    const reader = createGitHubReader(createGitHubClient({ apiUrl, token: "secret", log: silentLog }));

    await expect(reader.landingsSince(name, "main", { at: 0 })).rejects.toMatchObject({
      name: "TemporaryError",
      retryAfterMs: 60_000,
    });
    expect(asked.length).toBeLessThanOrEqual(12 + 5);
    refuseAfter = Infinity;
    asked.length = 0;
    expect(await reader.landingsSince(name, "main", { at: 0 })).toHaveLength(30);
    expect(asked).toHaveLength(30 - 12);
  });

  it("says in a sentence that a branch is not there", async () => {
    const { reader } = await open();
    await expect(reader.landingsSince(name, "other", { at: 0 })).rejects.toThrow(
      'Cannot read the commits of "other" in "acme/monorepo": GitHub does not know them',
    );
  });
});

describe("reading a diff and a range", () => {
  it("gives files with patches, cut after a whole line", async () => {
    const line = `+${"x".repeat(98)}\n`;
    const files = [
      aFile({ patch: `@@ -1 +1,500 @@\n${line.repeat(500)}`, additions: 3 }),
      aFile({ path: "gone", status: "removed", patch: undefined }),
    ];
    const commits = chain(undefined, [aCommit({ files })]);
    const { reader } = await open(commits);

    const read = await reader.files(name, commits[0]!.sha);
    const patch = `@@ -1 +1,500 @@\n${line.repeat(199)}`.trimEnd();
    expect(read).toEqual([
      { path: "services/cart/src/cart.ts", status: "modified", additions: 3, deletions: 1, patch },
      { path: "gone", status: "removed", additions: 1, deletions: 1 },
    ]);
    await expect(reader.files(name, "f".repeat(40))).rejects.toThrow("GitHub does not know it");
  });

  it("gives full shas between two, short ones too, at most 250, or undefined", async () => {
    const history = someHistory(300);
    const { reader } = await open(history);
    const [base, head] = [history[10]!.sha, history[150]!.sha];

    expect(await reader.commitsBetween(name, base.slice(0, 7), head.slice(0, 9))).toEqual(
      history.slice(11, 151).map(({ sha }) => sha),
    );
    expect(await reader.commitsBetween(name, head, base)).toEqual([]);
    expect(await reader.commitsBetween(name, history[0]!.sha, "main")).toEqual(history.slice(1, 251).map(({ sha }) => sha));
    expect(await reader.commitsBetween(name, "abcdef0", head)).toBeUndefined();
    expect(await reader.commitsBetween("acme/none", base, head)).toBeUndefined();
  });
});
