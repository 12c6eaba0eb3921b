import { notFound, ok, refusal, type Answer } from "./answer.ts";
import { filesPerPage, toCommit, toCommitWithFiles, toComparison } from "./commit-shapes.ts";
import { sha1 } from "./commit.ts";
import { cutPage } from "./paging.ts";
import { toDeployment, toPull, toRepository, type Addresses } from "./shapes.ts";
import type { Repository } from "./repository.ts";
import { trees } from "./trees.ts";
import type { Commit } from "./types.ts";

type Route = (repository: Repository, url: URL, to: Addresses, ...parts: string[]) => Answer;

const routes: readonly (readonly [RegExp, Route])[] = [
  [/^$/, (repository, _url, to) => ok(toRepository(repository, to))],
  [/^\/branches\/(.+)$/, branch],
  [/^\/commits$/, commits],
  [/^\/commits\/([^/]+)\/pulls$/, pullsOfCommit],
  [/^\/commits\/([^/]+)$/, commit],
  [/^\/compare\/(.+)\.\.\.(.+)$/, compare],
  [/^\/contents\/(.+)$/, contents],
  [/^\/git\/trees\/(.+)$/, trees],
  [/^\/pulls\/(\d+)$/, pull],
  [/^\/deployments$/, deployments],
];

/** Answers GET below `/repos/{owner}/{repo}`. */
export function answerRepository(repository: Repository, path: string, url: URL, to: Addresses): Answer {
  for (const [pattern, route] of routes) {
    const match = pattern.exec(path);
    if (match) return route(repository, url, to, ...match.slice(1).map(decodeURIComponent));
  }
  return notFound();
}

function branch(repository: Repository, _url: URL, to: Addresses, name = ""): Answer {
  if (name !== repository.branch) return refusal(404, "Branch not found");
  const self = `${to.api}/repos/${repository.fullName}/branches/${name}`;
  const commit = toCommit(repository.head(), repository, to);
  return ok({
    name,
    commit,
    _links: { self, html: `${to.html}/${repository.fullName}/tree/${name}` },
    protected: true,
    protection: { enabled: true },
    protection_url: `${self}/protection`,
  });
}

function commits(repository: Repository, url: URL, to: Addresses): Answer {
  const query = url.searchParams;
  const start = repository.resolve(query.get("sha") ?? repository.branch);
  if (start.kind !== "one") return notFound();
  const [since, until] = [moment(query.get("since"), -Infinity), moment(query.get("until"), Infinity)];
  const path = query.get("path")?.replace(/\/$/, "");
  const wanted = (commit: Commit) => commit.at >= since && commit.at <= until && (!path || touches(commit, path));
  const page = cutPage(repository.reachable(start.commit).filter(wanted), url, { default: 30, most: 100 });
  return ok(
    page.items.map((commit) => toCommit(commit, repository, to)),
    page.link,
  );
}

function moment(text: string | null, fallback: number): number {
  const at = text === null ? NaN : Date.parse(text);
  return Number.isNaN(at) ? fallback : at;
}

function touches(commit: Commit, path: string): boolean {
  return commit.files.some((file) => file.path === path || file.path.startsWith(`${path}/`));
}

function commit(repository: Repository, url: URL, to: Addresses, name = ""): Answer {
  const found = repository.resolve(name);
  if (found.kind !== "one") return refusal(422, `No commit found for SHA: ${name}`);
  const page = cutPage(found.commit.files, url, { default: filesPerPage, most: filesPerPage });
  return ok(toCommitWithFiles(found.commit, page.items, repository, to), page.link);
}

function compare(repository: Repository, url: URL, to: Addresses, baseName = "", headName = ""): Answer {
  const [base, head] = [repository.resolve(baseName), repository.resolve(headName)];
  if (base.kind !== "one" || head.kind !== "one") return notFound();
  const found = repository.compare(base.commit, head.commit);
  const page = cutPage(found.ahead, url, { default: 250, most: 250 });
  const body = toComparison(
    found,
    { commits: page.items, first: page.number === 1, name: `${baseName}...${headName}`, head: head.commit.sha },
    repository,
    to,
  );
  return ok(body, page.link);
}

function contents(repository: Repository, url: URL, to: Addresses, path = ""): Answer {
  const text = repository.contents[path];
  const ref = url.searchParams.get("ref") ?? repository.branch;
  if (text === undefined || repository.resolve(ref).kind !== "one") return notFound();
  const self = `${to.api}/repos/${repository.fullName}/contents/${path}?ref=${ref}`;
  const html = `${to.html}/${repository.fullName}/blob/${ref}/${path}`;
  const sha = sha1(`blob ${Buffer.byteLength(text)}\0${text}`);
  const content = Buffer.from(text).toString("base64").replaceAll(/.{60}/g, "$&\n");
  return ok({
    type: "file",
    encoding: "base64",
    size: Buffer.byteLength(text),
    name: path.split("/").at(-1),
    path,
    content,
    sha,
    url: self,
    git_url: null,
    html_url: html,
    download_url: null,
    _links: { self, git: null, html },
  });
}

function pull(repository: Repository, _url: URL, to: Addresses, number = ""): Answer {
  const landed = repository.findPull(Number(number));
  return landed ? ok(toPull(Number(number), landed, repository, to)) : notFound();
}

function pullsOfCommit(repository: Repository, _url: URL, to: Addresses, name = ""): Answer {
  const found = repository.resolve(name);
  if (found.kind !== "one") return refusal(422, `No commit found for SHA: ${name}`);
  const number = found.commit.pullRequest;
  return ok(number === undefined ? [] : [toPull(number, repository.findPull(number) ?? found.commit, repository, to)]);
}

function deployments(repository: Repository, url: URL, to: Addresses): Answer {
  const asked = (["sha", "ref", "environment"] as const).flatMap((key) => {
    const value = url.searchParams.get(key);
    return value === null ? [] : [[key, value] as const];
  });
  const all = repository.deployments.map((deployment, index) => ({ deployment, index })).reverse();
  const wanted = all.filter(({ deployment }) => asked.every(([key, value]) => deployment[key] === value));
  const page = cutPage(wanted, url, { default: 30, most: 100 });
  return ok(
    page.items.map(({ deployment, index }) => toDeployment(deployment, index, repository, to)),
    page.link,
  );
}
