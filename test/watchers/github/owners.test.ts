import { afterEach, describe, expect, it } from "vitest";
import { chain } from "#sim/github/commit.ts";
import { createGitHubClient } from "#clients/github/client.ts";
import { createOwnersReader } from "#watchers/github/owners.ts";
import { parseOwners } from "#watchers/github/codeowners.ts";
import { silentLog } from "#lib/log.ts";
import { startLocalGitHub } from "#sim/github/server.ts";
import { aCommit, aRepository } from "#test/github/builders.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** GitHub's own example (docs.github.com, "About code owners"), and what it says there of each line. */
const example = `*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs-flat@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github`;

describe("CODEOWNERS: the last line that matches", () => {
  it.each([
    ["README.md", ["@global-owner1", "@global-owner2"]],
    ["src/index.js", ["@js-owner"]],
    ["src/main.go", ["docs@example.com"]],
    ["a/b.txt", ["@octo-org/octocats"]],
    ["build/logs/out.log", ["@octocat"]],
    ["x/build/logs/out.log", ["@octocat"]],
    ["docs/getting-started.md", ["@doctocat"]],
    ["docs/", ["@doctocat"]],
    ["scripts/release/run.sh", ["@doctocat", "@octocat"]],
    ["x/apps/y.md", ["@octocat"]],
    ["apps/web/index.html", ["@octocat"]],
    ["apps/github/index.html", []],
    ["apps/", ["@octocat"]],
    ["Docs/a.md", ["@global-owner1", "@global-owner2"]],
    ["../etc/passwd", []],
    ["/etc/passwd", []],
    ["", []],
  ])("%s: %j", (path, owners) => expect(parseOwners(example)(path)).toEqual(owners));

  it.each([
    ["docs/* @a", "docs/x.md", ["@a"]],
    ["docs/* @a", "docs/x/y.md", []],
    ["/* @a", "x.md", ["@a"]],
    ["/* @a", "x/y.md", []],
    ["docs/** @a", "docs/x/y.md", ["@a"]],
    ["/docs/ @a\n/docs/ <!channel> @b<!here>", "docs/x", ["@b<!here>"]],
  ])("%j, %s: %j", (text, path, owners) => expect(parseOwners(text)(path)).toEqual(owners));

  it("one that takes for ever to match is none: somebody who writes it does not hold up incidents", () => {
    const deep = `${"a/".repeat(39)}x`;
    const ownersOf = parseOwners(`* @all\n${"/**/a/**/a/**/a/**/a/**/a/b @slow\n".repeat(50)}`);
    // Of the processor: the wall depends on who else is at work.
    const began = process.cpuUsage();
    expect(ownersOf(deep)).toEqual(["@all"]);
    expect(parseOwners("/a/**/b/**/x @two")("a/1/b/2/3/x")).toEqual(["@two"]);
    expect(parseOwners("* @all")("a/".repeat(2_000))).toEqual([]);
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(2_000);
  });
});

async function open(contents: Record<string, string>) {
  const commits = chain(undefined, [aCommit({})]);
  const github = stack.use(await startLocalGitHub({ token: "secret", repositories: [aRepository({ contents, commits })] }));
  const asked: string[] = [];
  const real = createGitHubClient({ apiUrl: github.url, token: "secret", log: silentLog });
  const client: typeof real = {
    get: (repository, path, query) => (asked.push(String(query?.["path"])), real.get(repository, path, query)),
  };
  let now = 0;
  return { read: createOwnersReader(client, () => now), asked, pass: (ms: number) => void (now += ms) };
}

describe("owners, over the API", () => {
  it("are those of CODEOWNERS where GitHub looks for it, who owns most first, read once in ten minutes", async () => {
    const { read, asked, pass } = await open({ "docs/CODEOWNERS": "* @all\n/web/ @web\n/none/", CODEOWNERS: "/web/ @acme/web" });
    const paths = ["README.md", "web/a.ts", "web/b.ts", "none/x"];
    expect(await read("acme/monorepo", "main", paths)).toEqual(["@acme/web"]);
    expect(await read("acme/monorepo", "main", ["web/"])).toEqual(["@acme/web"]);
    expect(asked).toEqual([".github/CODEOWNERS", "CODEOWNERS"]);
    pass(600_000);
    await read("acme/monorepo", "main", paths);
    expect(asked).toHaveLength(4);
  });

  it("are none where there is no CODEOWNERS, and nobody is asked without paths", async () => {
    const { read, asked } = await open({});
    expect(await read("acme/monorepo", "main", [])).toEqual([]);
    expect(asked).toEqual([]);
    expect(await read("acme/monorepo", "main", ["a"])).toEqual([]);
    expect(asked).toHaveLength(3);
  });

  it("come first that own most", async () => {
    const { read } = await open({ CODEOWNERS: "* @all\n/web/ @web @all" });
    expect(await read("acme/monorepo", "main", ["a", "web/a", "b"])).toEqual(["@all", "@web"]);
    expect(await read("acme/monorepo", "main", ["web/a", "web/b", "a"])).toEqual(["@all", "@web"]);
  });

  it("of 3,000 files and 500 lines are told fast", async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `/services/s${index}/**/*.ts @acme/s${index}`).join("\n");
    const { read } = await open({ CODEOWNERS: lines });
    const files = Array.from({ length: 3_000 }, (_, index) => `services/x${index}/src/a/b/c/d.ts`);
    // Of the processor: the wall depends on who else is at work.
    const began = process.cpuUsage();
    expect(await read("acme/monorepo", "main", files)).toEqual([]);
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(3_000);
  });
});
