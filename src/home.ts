import type { HomePort } from "#domain/ports/home.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import type { Parts } from "#app/parts.ts";
import { createHome } from "#workflow/home.ts";

/** What people see on the app's page in Slack. */
export function homeOf({ environment, file, policy, store, prometheus, clock, log }: Parts, people: PeoplePort): HomePort {
  const { cluster, repositories } = file;
  return createHome({
    verbs: store,
    cluster,
    repositories,
    ...(environment.PROMETHEUS_URL && { prometheus: prometheus.ready }),
    policy,
    people,
    now: clock.now,
    log,
  });
}
