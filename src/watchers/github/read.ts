import type { ChangedFile } from "#domain/change.ts";
import type { GitHubClient } from "#clients/github/client.ts";
import type { GitHubPort, RepositoryPort } from "#domain/ports/cluster.ts";
import type { OwnersPort } from "#domain/ports/told.ts";
import { createClock } from "#lib/clock.ts";
import { type LandingsReaderOptions, createLandingsReader } from "./read-landings.ts";
import { createDeploymentsReader } from "./deployments.ts";
import { createLayoutReader } from "./layout.ts";
import { createOwnersReader } from "./owners.ts";
import { cut } from "./landing.ts";
import { type CommitFile, commitFilesSchema, comparisonSchema, parseAnswer } from "./schema.ts";

const maxPatch = 20_000;
/** Files with patches; GitHub's own limit. */
const maxPatched = 300;
const maxRange = 250;
const pageSize = 100;
const wall = createClock();

/** What investigations and reconciling ask GitHub for. Throws TemporaryError when it cannot answer now. */
export function createGitHubReader(
  client: GitHubClient,
  options: LandingsReaderOptions = {},
): GitHubPort & RepositoryPort & OwnersPort {
  return {
    landingsSince: createLandingsReader(client, options),
    layout: createLayoutReader(client),
    owners: createOwnersReader(client, wall.now),
    deployments: createDeploymentsReader(client),
    files: async (repository, sha) => {
      const found = await client.get(repository, "/commits/{ref}", { ref: sha });
      if (found.kind === "absent")
        throw new Error(`Cannot read commit "${sha}" of "${repository}": GitHub does not know it, or does not let us see it`);
      return parseAnswer(commitFilesSchema, found.data, repository).files.slice(0, maxPatched).map(toFile);
    },
    commitsBetween: async (repository, base, head) => {
      const shas: string[] = [];
      for (let page = 1, more = true; more && shas.length < maxRange; page++) {
        const found = await client.get(repository, "/compare/{basehead}", {
          basehead: `${base}...${head}`,
          per_page: pageSize,
          page,
        });
        if (found.kind === "absent") return undefined;
        shas.push(...parseAnswer(comparisonSchema, found.data, repository).commits.map(({ sha }) => sha));
        more = found.more;
      }
      return shas.slice(0, maxRange);
    },
  };
}

function toFile({ filename, status, additions, deletions, patch }: CommitFile): ChangedFile {
  return {
    path: cut(filename, 4_096),
    status:
      status === "added" || status === "removed" || status === "renamed" ? status : status === "copied" ? "added" : "modified",
    ...(additions !== undefined && { additions }),
    ...(deletions !== undefined && { deletions }),
    ...(patch !== undefined && { patch: wholeLines(patch) }),
  };
}

/** Half a line may read like another one: what is cut ends with a line, so that the hunk's count tells that more was there. */
function wholeLines(patch: string): string {
  const kept = cut(patch, maxPatch);
  return kept.length === patch.length ? kept : kept.slice(0, Math.max(0, kept.lastIndexOf("\n")));
}
