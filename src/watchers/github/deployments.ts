import type { GitHubClient } from "#clients/github/client.ts";
import type { Deployed } from "#domain/deployed.ts";
import type { RepositoryPort } from "#domain/ports/cluster.ts";
import { cut } from "./landing.ts";
import { type ListedDeployment, deploymentsSchema, parseAnswer } from "./schema.ts";

const pageSize = 100;
const maxPages = 3;
const maxText = 2_000;

/** GitHub's deployments of a repository, newest first: at most 300, none from before `since`. A repository without any has an empty list. */
export function createDeploymentsReader(client: GitHubClient): RepositoryPort["deployments"] {
  return async (repository, since) => {
    const found: Deployed[] = [];
    for (let page = 1, more = true; more && page <= maxPages; page++) {
      const answer = await client.get(repository, "/deployments", { per_page: pageSize, page });
      if (answer.kind === "absent") break;
      const listed = parseAnswer(deploymentsSchema, answer.data, repository).map(toDeployed);
      found.push(...listed.filter(({ at }) => at >= since));
      more = answer.more && listed.every(({ at }) => at >= since);
    }
    return found;
  };
}

function toDeployed({ sha, created_at: at, environment, task, description, payload }: ListedDeployment): Deployed {
  const said = typeof payload === "string" ? payload : JSON.stringify(payload ?? "");
  return {
    sha,
    at,
    environment: cut(environment, 200),
    about: cut(`${environment} ${task ?? ""} ${description ?? ""} ${said}`.toLowerCase(), maxText),
  };
}
