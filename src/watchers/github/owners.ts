import type { GitHubClient } from "#clients/github/client.ts";
import type { OwnersPort } from "#domain/ports/told.ts";
import { createHeld } from "#lib/held.ts";
import { codeownersPaths, parseOwners } from "./codeowners.ts";
import { readText } from "./read-text.ts";

/** A branch's CODEOWNERS is read once in so many wall milliseconds. */
const holdsMs = 10 * 60_000;
const silenceHoldsMs = 10_000;
const branchesHeld = 50;
/** A change that touches more is everybody's. */
const pathsRead = 100;

/** Reads CODEOWNERS of a branch, as GitHub does for pull requests into it. `now` is wall time. */
export function createOwnersReader(client: GitHubClient, now: () => number): OwnersPort["owners"] {
  const held = createHeld<(path: string) => readonly string[]>({
    now,
    forMs: holdsMs,
    failureForMs: silenceHoldsMs,
    most: branchesHeld,
  });
  return async (repository, branch, paths) => {
    if (paths.length === 0) return [];
    const ownersOf = await held(`${repository}@${branch}`, async () => parseOwners(await read(client, repository, branch)));
    const counts = new Map<string, number>();
    for (const owner of paths.slice(0, pathsRead).flatMap(ownersOf)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    return [...counts].toSorted(([, a], [, b]) => b - a).map(([owner]) => owner);
  };
}

async function read(client: GitHubClient, repository: string, branch: string): Promise<string> {
  for (const path of codeownersPaths) {
    const text = await readText(client, repository, branch, path);
    if (text !== undefined) return text;
  }
  return "";
}
