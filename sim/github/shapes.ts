import { sha1 } from "./commit.ts";
import type { Repository } from "./repository.ts";
import type { Commit, Deployment, Person } from "./types.ts";

/** Where the API and the pages of this GitHub stand. */
export interface Addresses {
  readonly api: string;
  readonly html: string;
}

/** RFC 3339 in seconds, as GitHub writes times. */
export function toTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** A stable number for a name. */
export function idOf(name: string): number {
  return parseInt(sha1(name).slice(0, 7), 16);
}

/** A person as every answer shows them. */
export function toUser(person: Person, to: Addresses) {
  const api = `${to.api}/users/${person.login}`;
  const id = idOf(person.login);
  return {
    login: person.login,
    id,
    node_id: `U_${id}`,
    avatar_url: `${to.html}/avatars/${id}`,
    gravatar_id: "",
    url: api,
    html_url: `${to.html}/${person.login}`,
    type: "User",
    site_admin: false,
  };
}

/** A repository with the addresses that Octokit uses. */
export function toRepository(repository: Repository, to: Addresses) {
  const [owner = "", name = ""] = repository.fullName.split("/");
  const api = `${to.api}/repos/${repository.fullName}`;
  const html = `${to.html}/${repository.fullName}`;
  const id = idOf(repository.fullName);
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: repository.fullName,
    private: true,
    owner: { ...toUser({ name: owner, email: "", login: owner }, to), type: "Organization" },
    html_url: html,
    description: null,
    fork: false,
    url: api,
    default_branch: repository.branch,
    archived: false,
    disabled: false,
    visibility: "private",
    commits_url: `${api}/commits{/sha}`,
    compare_url: `${api}/compare/{base}...{head}`,
    contents_url: `${api}/contents/{+path}`,
    branches_url: `${api}/branches{/branch}`,
    deployments_url: `${api}/deployments`,
    hooks_url: `${api}/hooks`,
    pulls_url: `${api}/pulls{/number}`,
    clone_url: `${html}.git`,
    pushed_at: toTime(repository.head().at),
  };
}

/** A merged pull request. */
export function toPull(number: number, commit: Commit, repository: Repository, to: Addresses) {
  const full = toRepository(repository, to);
  const [title = "", ...body] = commit.message.split("\n");
  return {
    id: idOf(`${repository.fullName}#${number}`),
    number,
    state: "closed",
    locked: false,
    title: title.replace(/ \(#\d+\)$/, ""),
    body: body.join("\n").trim() || null,
    url: `${full.url}/pulls/${number}`,
    html_url: `${full.html_url}/pull/${number}`,
    user: toUser(commit.author, to),
    merged: true,
    draft: false,
    created_at: toTime(commit.at - 3_600_000),
    updated_at: toTime(commit.at),
    closed_at: toTime(commit.at),
    merged_at: toTime(commit.at),
    merge_commit_sha: commit.sha,
    merged_by: toUser(commit.author, to),
    base: { ref: repository.branch, sha: commit.parents[0] ?? commit.sha, repo: full },
    head: { ref: `branch-${number}`, sha: commit.parents[1] ?? sha1(`head of ${number}`), repo: full },
    changed_files: commit.files.length,
  };
}

/** A deploy that somebody told GitHub about. */
export function toDeployment(deployment: Deployment, index: number, repository: Repository, to: Addresses) {
  const id = index + 1;
  const url = `${to.api}/repos/${repository.fullName}/deployments/${id}`;
  return {
    url,
    id,
    node_id: `DE_${id}`,
    sha: deployment.sha,
    ref: deployment.ref,
    task: "deploy",
    payload: {},
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: null,
    creator: toUser(deployment.by, to),
    created_at: toTime(deployment.at),
    updated_at: toTime(deployment.at),
    statuses_url: `${url}/statuses`,
    repository_url: `${to.api}/repos/${repository.fullName}`,
  };
}
