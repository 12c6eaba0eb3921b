import type { CommitGuess } from "#domain/change.ts";
import type { Deployed } from "#domain/deployed.ts";
import type { Instant } from "#domain/workload.ts";

/** A pipeline tells GitHub first and the cluster later; clocks differ a little. */
const BEFORE_MS = 60 * 60_000;
const AFTER_MS = 2 * 60_000;
const NOT_PRODUCTION = /(^|[^a-z])(pr|pull|preview|review|staging|stage|test|qa|dev|development|sandbox|github-pages)([^a-z]|$)/;

/**
 * The commit that a rollout at a moment was deployed from: the last deployment within the hour before, of those that name the workload
 * if there are any, else of those to environments that do not sound like tests.
 */
export function commitOfDeployment(deployments: readonly Deployed[], name: string, at: Instant): CommitGuess | undefined {
  const words = new RegExp(`(^|[^a-z0-9])${name.toLowerCase().replaceAll(/[^a-z0-9]/g, String.raw`\$&`)}([^a-z0-9]|$)`);
  const named = deployments.filter(({ about }) => words.test(about));
  const others = deployments.filter(({ environment }) => !NOT_PRODUCTION.test(environment.toLowerCase()));
  const inTime = (named.length > 0 ? named : others).filter((one) => one.at >= at - BEFORE_MS && one.at <= at + AFTER_MS);
  const last = inTime.toSorted((a, b) => b.at - a.at)[0];
  return last && { sha: last.sha, from: "deployment" };
}
