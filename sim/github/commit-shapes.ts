import { sha1 } from "./commit.ts";
import { toTime, toUser, type Addresses } from "./shapes.ts";
import type { Comparison, Repository } from "./repository.ts";
import type { Commit, FileChange } from "./types.ts";

/** GitHub shows no more files than this, in a commit's page or a whole comparison. */
export const filesPerPage = 300;

/** A commit as lists and comparisons show it: without files. */
export function toCommit(commit: Commit, repository: Repository, to: Addresses) {
  const api = `${to.api}/repos/${repository.fullName}`;
  const html = `${to.html}/${repository.fullName}/commit`;
  const signed = { name: commit.author.name, email: commit.author.email, date: toTime(commit.at) };
  const tree = sha1(`tree ${commit.sha}`);
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha.slice(0, 20)}`,
    commit: {
      author: signed,
      committer: signed,
      message: commit.message,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: toUser(commit.author, to),
    committer: toUser(commit.author, to),
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${html}/${sha}` })),
  };
}

/** A commit with one page of its files. */
export function toCommitWithFiles(commit: Commit, files: readonly FileChange[], repository: Repository, to: Addresses) {
  const count = (of: "additions" | "deletions") => commit.files.reduce((sum, file) => sum + file[of], 0);
  const [additions, deletions] = [count("additions"), count("deletions")];
  return {
    ...toCommit(commit, repository, to),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => toFile(file, commit.sha, repository, to)),
  };
}

function toFile(file: FileChange, sha: string, repository: Repository, to: Addresses) {
  const { path: filename, status, additions, deletions, patch } = file;
  const html = `${to.html}/${repository.fullName}`;
  return {
    sha: sha1(`${sha} ${filename}`),
    filename,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${html}/blob/${sha}/${filename}`,
    raw_url: `${html}/raw/${sha}/${filename}`,
    contents_url: `${to.api}/repos/${repository.fullName}/contents/${filename}?ref=${sha}`,
    ...(patch === undefined ? {} : { patch }),
  };
}

/** A page of a comparison. Commits come without files; files stand on the first page only, at most 300. */
export function toComparison(
  found: Comparison,
  page: { commits: readonly Commit[]; first: boolean; name: string; head: string },
  repository: Repository,
  to: Addresses,
) {
  const status =
    found.ahead.length === 0 ? (found.behind === 0 ? "identical" : "behind") : found.behind === 0 ? "ahead" : "diverged";
  const html = `${to.html}/${repository.fullName}/compare/${page.name}`;
  return {
    url: `${to.api}/repos/${repository.fullName}/compare/${page.name}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: toCommit(found.base, repository, to),
    merge_base_commit: toCommit(found.mergeBase, repository, to),
    status,
    ahead_by: found.ahead.length,
    behind_by: found.behind,
    total_commits: found.ahead.length,
    commits: page.commits.map((commit) => toCommit(commit, repository, to)),
    ...(page.first ? { files: found.files.slice(0, filesPerPage).map((file) => toFile(file, page.head, repository, to)) } : {}),
  };
}
