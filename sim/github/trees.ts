import { notFound, ok, type Answer } from "./answer.ts";
import { sha1 } from "./commit.ts";
import type { Addresses } from "./shapes.ts";
import type { Repository } from "./repository.ts";

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: "blob" | "tree";
  readonly sha: string;
  readonly size?: number;
}

/** Answers `/git/trees/{name}`: the repository's texts and whatever its commits touched and did not remove; with `recursive`, all levels. */
export function trees(repository: Repository, url: URL, to: Addresses, name = ""): Answer {
  const found = repository.resolve(name);
  if (found.kind !== "one") return notFound();
  const root = `${to.api}/repos/${repository.fullName}/git`;
  const files = [...filesAt(repository, found.commit.sha)].toSorted();
  const folders = new Set(files.flatMap((path) => parentsOf(path)));
  const blobs = files.map((path): Entry => blobOf(path, repository));
  const subtrees = [...folders].map((path): Entry => {
    const sha = sha1(`tree ${path} ${files.filter((file) => file.startsWith(`${path}/`)).join(" ")}`);
    return { path, mode: "040000", type: "tree", sha };
  });
  const all = [...blobs, ...subtrees].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const tree = url.searchParams.has("recursive") ? all : all.filter(({ path }) => !path.includes("/"));
  const sha = sha1(`tree ${found.commit.sha}`);
  return ok({ sha, url: `${root}/trees/${sha}`, tree, truncated: false });
}

function filesAt(repository: Repository, sha: string): Set<string> {
  const paths = new Set(Object.keys(repository.contents));
  const start = repository.resolve(sha);
  if (start.kind !== "one") return paths;
  for (const { files } of repository.reachable(start.commit).toReversed())
    for (const { path, status } of files) {
      if (status === "removed") paths.delete(path);
      else paths.add(path);
    }
  return paths;
}

/** What a file holds is known only of the repository's texts. */
function blobOf(path: string, { contents }: Repository): Entry {
  const text = contents[path] ?? "";
  const size = Buffer.byteLength(text);
  const sha = sha1(`blob ${size}\0${text}`);
  return { path, mode: "100644", type: "blob", sha, size };
}

function parentsOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}
