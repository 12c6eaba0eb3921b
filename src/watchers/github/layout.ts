import type { GitHubClient } from "#clients/github/client.ts";
import type { RepositoryPort } from "#domain/ports/cluster.ts";
import { mapBounded } from "./map-bounded.ts";
import { findCopies, findImages, isBuildFile, isDeployFile } from "./build-files.ts";
import { codeownersPaths, parseCodeowners } from "./codeowners.ts";
import { readText } from "./read-text.ts";
import { type TreeEntry, parseAnswer, treeSchema } from "./schema.ts";

const maxListed = 2_000;
const maxDirectories = 5_000;
const maxDepth = 3;
/** Files read a look: the API's quota is shared with everything else. */
const maxRead = 20;
const maxBytes = 100_000;
const concurrency = 5;
const remembered = 2_000;

/** Reads a repository's tree, and of its files those that build or deploy something of these names. Files are remembered by their sha. */
export function createLayoutReader(client: GitHubClient): RepositoryPort["layout"] {
  const known = new Map<string, string>();
  return async (repository, ref, names) => {
    const answer = await client.get(repository, "/git/trees/{ref}", { ref, recursive: 1 });
    if (answer.kind === "absent") return undefined;
    const { tree } = parseAnswer(treeSchema, answer.data, repository);
    const files = tree.filter(({ type, path }) => type === "blob" && path.length <= 1_000);
    const builds = preferred(
      files.filter(({ path }) => isBuildFile(path)),
      names,
    );
    const deploys = preferred(
      files.filter(({ path }) => isDeployFile(path)),
      names,
    );
    const owners = codeownersPaths.flatMap((path) => files.find((file) => file.path === path) ?? []).slice(0, 1);
    const read = [...owners, ...chosen(builds, names, maxRead / 2), ...chosen(deploys, names, maxRead / 2)];
    const texts = new Map<string, string>();
    await mapBounded(read, concurrency, async (file) => {
      const text = known.get(file.sha) ?? (await readText(client, repository, ref, file.path)) ?? "";
      remember(known, file.sha, text);
      texts.set(file.path, text);
    });
    const textOf = (path: string) => texts.get(path) ?? "";
    return {
      repository,
      builds: builds.map(({ path }) => ({ file: path, copies: findCopies(textOf(path)) })),
      deploys: deploys.map(({ path }) => ({ file: path, images: findImages(textOf(path)) })),
      owned: owners.flatMap(({ path }) => parseCodeowners(textOf(path))),
      directories: directoriesOf(tree),
    };
  };
}

/** Files whose path holds one of the names come first, then those near the top. */
function preferred(files: readonly TreeEntry[], names: readonly string[]): TreeEntry[] {
  const rank = ({ path }: TreeEntry) => (holds(path, names) ? 0 : 1_000) + path.split("/").length;
  return files.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1)).slice(0, maxListed);
}

/** Those of the names; where there are none, the first ones, which may build or deploy it from elsewhere. */
function chosen(files: readonly TreeEntry[], names: readonly string[], most: number): TreeEntry[] {
  const small = files.filter(({ size = 0 }) => size <= maxBytes);
  const named = small.filter(({ path }) => holds(path, names));
  return (named.length > 0 ? named : small).slice(0, most);
}

function holds(path: string, names: readonly string[]): boolean {
  const lower = path.toLowerCase();
  return names.some((name) => lower.includes(name));
}

function directoriesOf(tree: readonly TreeEntry[]): string[] {
  return tree
    .filter(({ type, path }) => type === "tree" && path.split("/").length <= maxDepth)
    .slice(0, maxDirectories)
    .map(({ path }) => `${path}/`);
}

function remember(known: Map<string, string>, sha: string, text: string): void {
  known.delete(sha);
  known.set(sha, text.slice(0, maxBytes));
  const oldest = known.keys().next().value;
  if (known.size > remembered && oldest !== undefined) known.delete(oldest);
}
