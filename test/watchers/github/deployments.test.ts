import { expect, it } from "vitest";
import { createGitHubClient } from "#clients/github/client.ts";
import { createDeploymentsReader } from "#watchers/github/deployments.ts";
import { silentLog } from "#lib/log.ts";
import { startLocalGitHub } from "#sim/github/server.ts";
import { aRepository, someHistory, start } from "#test/github/builders.ts";

const hour = 3_600_000;

it("reads deployments over the API, newest first, back to a moment", async () => {
  const commits = someHistory(5);
  const by = { name: "Ada", email: "ada@example.com", login: "ada" };
  const deployments = Array.from({ length: 250 }, (_, index) => ({
    sha: commits[index % 5]!.sha,
    ref: "main",
    environment: index % 2 ? "Production" : "staging",
    at: start + index * hour,
    by,
  }));
  await using github = await startLocalGitHub({ token: "secret", repositories: [aRepository({ commits, deployments })] });
  const read = createDeploymentsReader(createGitHubClient({ apiUrl: github.url, token: "secret", log: silentLog }));

  const found = await read("acme/monorepo", start + 100 * hour);

  expect(found).toHaveLength(150);
  expect(found[0]).toEqual({
    sha: commits[4]!.sha,
    at: start + 249 * hour,
    environment: "Production",
    about: expect.stringMatching(/^production deploy/),
  });
  expect(await read("acme/none", 0)).toEqual([]);
});
