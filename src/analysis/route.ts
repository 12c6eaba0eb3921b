import type { Route, Subject } from "#domain/told.ts";
import { matches } from "./policy.ts";

/** The first route that fits; undefined: none does. */
export function routeOf({ workload, teams, severity }: Subject, routes: readonly Route[]): Route | undefined {
  const { cluster, namespace, name } = workload;
  return routes.find(
    (route) =>
      fits(route.clusters, cluster) &&
      fits(route.namespaces, namespace) &&
      fits(route.workloads, name) &&
      route.severities.includes(severity) &&
      (route.teams === undefined || teams.some((team) => isOneOf(team, route.teams ?? []))),
  );
}

function fits(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matches(pattern, name));
}

/** `@Acme/Web` is the team `acme/web`, and the team `web`. */
function isOneOf(team: string, patterns: readonly string[]): boolean {
  const full = plainOwner(team);
  const names = [full, full.split("/").at(-1) ?? ""];
  return patterns.some((pattern) => names.some((name) => matches(plainOwner(pattern), name)));
}

/** An owner as it is looked up: lower case, without the `@` in front. */
export function plainOwner(owner: string): string {
  return owner.trim().replace(/^@/, "").toLowerCase();
}
