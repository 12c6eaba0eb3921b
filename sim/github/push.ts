import { sha1 } from "./commit.ts";
import { idOf, toRepository, toTime, toUser, type Addresses } from "./shapes.ts";
import type { Repository } from "./repository.ts";
import type { Commit, FileChange } from "./types.ts";

/** GitHub lists no more commits than this in one push. */
const commitsPerPush = 2_048;

/** The body of a push webhook: `commits` arrived, and the branch moved from `before` to the last of them. */
export function toPushPayload(repository: Repository, before: string, commits: readonly Commit[], to: Addresses) {
  const head = commits.at(-1);
  if (!head) throw new Error("Cannot write a push without a commit");
  const full = toRepository(repository, to);
  const [owner = ""] = repository.fullName.split("/");
  return {
    ref: `refs/heads/${repository.branch}`,
    before,
    after: head.sha,
    repository: {
      ...full,
      owner: { ...full.owner, name: owner, email: null },
      url: full.html_url,
      pushed_at: Math.floor(head.at / 1000),
      master_branch: repository.branch,
    },
    pusher: { name: head.author.login, email: head.author.email },
    sender: toUser(head.author, to),
    installation: { id: 1, node_id: `MDI_${idOf("installation")}` },
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `${full.html_url}/compare/${before.slice(0, 12)}...${head.sha.slice(0, 12)}`,
    commits: commits.slice(-commitsPerPush).map((commit) => toPushCommit(commit, full.html_url)),
    head_commit: toPushCommit(head, full.html_url),
  };
}

function toPushCommit(commit: Commit, html: string) {
  const author = { name: commit.author.name, email: commit.author.email, username: commit.author.login };
  const paths = (status: FileChange["status"]) => commit.files.filter((file) => file.status === status).map((file) => file.path);
  return {
    id: commit.sha,
    tree_id: sha1(`tree ${commit.sha}`),
    distinct: true,
    message: commit.message,
    timestamp: toTime(commit.at),
    url: `${html}/commit/${commit.sha}`,
    author,
    committer: author,
    added: paths("added"),
    removed: paths("removed"),
    modified: paths("modified"),
  };
}
