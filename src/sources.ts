import type { Environment } from "#app/config/environment.ts";
import type { FileConfiguration } from "#app/config/file.ts";
import type { GitHubPort, PrometheusPort, RepositoryPort } from "#domain/ports/cluster.ts";
import type { OnCallPort, OwnersPort } from "#domain/ports/told.ts";
import type { Log } from "#lib/log.ts";
import type { Ready } from "#app/parts.ts";
import { createGitHubClient } from "#clients/github/client.ts";
import { createGitHubReader } from "#watchers/github/read.ts";
import { createClock } from "#lib/clock.ts";
import { createOnCallReader } from "#watchers/oncall/read.ts";
import { createOpsgenieClient } from "#clients/oncall/opsgenie.ts";
import { createPagerDutyClient } from "#clients/oncall/pagerduty.ts";
import { createRegistryClient } from "#clients/registry/client.ts";
import { createPrometheusClient } from "#clients/prometheus/client.ts";
import { createImageCommitReader, type ReadImageCommit } from "#watchers/registry/read.ts";
import { createPrometheusReader } from "#watchers/prometheus/read.ts";

/** Prometheus as the configuration names it; without one, everything it would say is empty and it is never away. */
export function createPrometheusSource({ PROMETHEUS_URL }: Environment, { queries }: FileConfiguration): PrometheusPort & Ready {
  const client = PROMETHEUS_URL ? createPrometheusClient(PROMETHEUS_URL) : undefined;
  return { ...createPrometheusReader(client, queries), ready: async () => client?.ready() };
}

/** GitHub, with a token or as an app. */
export function createGitHubSource(environment: Environment, log: Log): GitHubPort & RepositoryPort & OwnersPort {
  const { GITHUB_API_URL: apiUrl, GITHUB_TOKEN: token, GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY: privateKey } = environment;
  return createGitHubReader(createGitHubClient({ apiUrl, token, appId, privateKey, log }));
}

/** The schedules that there are tokens for. */
export function createOnCallSource(environment: Environment): OnCallPort {
  const { PAGERDUTY_TOKEN: token, PAGERDUTY_API_URL, OPSGENIE_API_KEY: key, OPSGENIE_API_URL } = environment;
  return createOnCallReader({
    pagerDuty: token === undefined ? undefined : createPagerDutyClient({ apiUrl: PAGERDUTY_API_URL, token }),
    opsgenie: key === undefined ? undefined : createOpsgenieClient({ apiUrl: OPSGENIE_API_URL, key }),
    now: createClock().now,
  });
}

/** The registries that the configuration names; without any, no image is asked. */
export function createImageSource({
  registries,
}: FileConfiguration): AsyncDisposable & { readonly imageCommit: ReadImageCommit } {
  const client = createRegistryClient(registries);
  return {
    imageCommit: createImageCommitReader(client, registries),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
