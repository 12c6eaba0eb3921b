import { Octokit } from "@octokit/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mergeOnto } from "#sim/github/commit.ts";
import { startLocalGitHub, type LocalGitHub } from "#sim/github/server.ts";
import { aCommit, aFile, aRepository, someHistory, start } from "./builders.ts";

const commits = someHistory(260);
const head = commits.at(-1)!;
const [side, merge] = mergeOnto(
  head.sha,
  [aCommit({ message: "on a branch" })],
  aCommit({ message: "Merge pull request #900", pullRequest: 900 }),
) as [typeof head, typeof head];
const named = { owner: "acme", repo: "monorepo" };
const manyFiles = Array.from({ length: 700 }, (_, index) => aFile({ path: `docs/${index}.md` }));

let github: LocalGitHub;
let octokit: Octokit;
beforeAll(async () => {
  const wide = mergeOnto(merge.sha, [], aCommit({ message: "many files", files: manyFiles, pullRequest: 901 }));
  github = await startLocalGitHub({
    token: "secret",
    repositories: [aRepository({ commits: [...commits, side, merge, ...wide] })],
  });
  octokit = new Octokit({ auth: "secret", baseUrl: github.url, log: { debug() {}, info() {}, warn() {}, error() {} } });
});
afterAll(() => github[Symbol.asyncDispose]());

describe("the local GitHub's REST API, through Octokit", () => {
  it("lists commits newest first, in pages with Link headers", async () => {
    const first = await octokit.request("GET /repos/{owner}/{repo}/commits", { ...named, per_page: 100 });
    const last = await octokit.request("GET /repos/{owner}/{repo}/commits", { ...named, per_page: 100, page: 3 });

    expect(first.data).toHaveLength(100);
    expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/);
    expect(last.data.at(-1)!.sha).toBe(commits[0]!.sha);
    expect(last.headers.link).not.toContain('rel="next"');
  });

  it("narrows a list by time, path and start", async () => {
    const at = new Date(start + 3 * 3_600_000).toISOString();
    const narrow = await octokit.request("GET /repos/{owner}/{repo}/commits", {
      ...named,
      sha: commits[5]!.sha,
      since: at,
      until: new Date(start + 4 * 3_600_000).toISOString(),
    });
    const elsewhere = await octokit.request("GET /repos/{owner}/{repo}/commits", { ...named, path: "services/none" });

    expect(narrow.data.map((commit) => commit.sha)).toEqual([commits[4]!.sha, commits[3]!.sha]);
    expect(elsewhere.data).toEqual([]);
  });

  it("shows a commit by a short sha, with patches, 300 files a page", async () => {
    const one = await octokit.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...named, ref: commits[2]!.sha.slice(0, 8) });
    const wide = await octokit.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...named, ref: "main" });
    const rest = await octokit.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...named, ref: "main", page: 3 });

    expect(one.data.files?.[0]).toMatchObject({ filename: "services/cart/src/cart.ts", patch: "@@ -1 +1 @@\n-a\n+b" });
    expect([wide.data.files?.length, rest.data.files?.length]).toEqual([300, 100]);
    expect(wide.data.stats?.total).toBe(1_400);
  });

  it("compares with commits that have no files, the files of the whole on the first page only", async () => {
    const [base, to] = [commits[0]!.sha, commits[259]!.sha];
    const first = await octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
      ...named,
      basehead: `${base}...${to}`,
    });
    const second = await octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
      ...named,
      basehead: `${base}...${to}`,
      page: 2,
    });

    expect([first.data.commits.length, first.data.total_commits, first.data.status]).toEqual([250, 259, "ahead"]);
    expect(first.data.files).toHaveLength(1);
    expect(first.data.commits[0]).not.toHaveProperty("files");
    expect(second.data.commits.at(-1)!.sha).toBe(to);
    expect(second.data.files).toBeUndefined();
  });

  it("counts a merged branch's commits in a comparison and calls a step back behind", async () => {
    const forth = await octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
      ...named,
      basehead: `${head.sha}...${merge.sha}`,
    });
    const back = await octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
      ...named,
      basehead: `${merge.sha}...${head.sha}`,
    });

    expect(forth.data.commits.map((commit) => commit.sha)).toEqual([side.sha, merge.sha]);
    expect([back.data.status, back.data.behind_by]).toEqual(["behind", 2]);
  });

  it("finds the pull request of a commit, a branch, a file", async () => {
    const pulls = await octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
      ...named,
      commit_sha: commits[9]!.sha,
    });
    const pull = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...named, pull_number: 900 });
    const branch = await octokit.request("GET /repos/{owner}/{repo}/branches/{branch}", { ...named, branch: "main" });
    const owners = await octokit.request("GET /repos/{owner}/{repo}/contents/{path}", { ...named, path: ".github/CODEOWNERS" });

    expect(pulls.data[0]!.number).toBe(9);
    expect(pull.data).toMatchObject({ merged: true, merge_commit_sha: merge.sha, head: { sha: side.sha } });
    expect(branch.data.commit.commit.message).toBe("many files");
    expect(Buffer.from((owners.data as { content: string }).content, "base64").toString()).toBe("* @acme/all\n");
  });

  it("says 404 and 422 as GitHub does", async () => {
    const unknown = "f".repeat(40);
    await expect(
      octokit.request("GET /repos/{owner}/{repo}/compare/{basehead}", { ...named, basehead: `${unknown}...main` }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(octokit.request("GET /repos/{owner}/{repo}/commits/{ref}", { ...named, ref: unknown })).rejects.toMatchObject({
      status: 422,
    });
    await expect(octokit.request("GET /repos/{owner}/{repo}", { owner: "acme", repo: "other" })).rejects.toMatchObject({
      status: 404,
    });
  });

  it("refuses a wrong token with GitHub's own words", async () => {
    const stranger = new Octokit({ auth: "guess", baseUrl: github.url });
    await expect(stranger.request("GET /rate_limit")).rejects.toMatchObject({
      status: 401,
      response: { data: { message: "Bad credentials" } },
    });
  });

  it("answers 304 to a known ETag and counts down the quota", async () => {
    const first = await octokit.request("GET /repos/{owner}/{repo}", named);
    const again = octokit.request("GET /repos/{owner}/{repo}", { ...named, headers: { "if-none-match": first.headers.etag } });

    await expect(again).rejects.toMatchObject({ status: 304 });
    expect(Number(first.headers["x-ratelimit-remaining"])).toBeLessThan(5_000);
  });
});
