import type { Instant } from "#domain/workload.ts";
import type { Stop } from "#domain/policy.ts";
import { escape } from "#bot/escape.ts";
import { person, when } from "#bot/words.ts";

/** A sentence: all acts are off, since when, and who said so. */
export function stopLine({ by, at, reason }: Stop, now: Instant): string {
  const since = at > 0 ? ` since ${when(at, now)}` : "";
  const why = reason ? `: ${escape(reason.replace(/\.$/, ""), 300)}` : "";
  return `:octagonal_sign: *All acts are stopped*${since}, says ${person(by)}${why}. Nobody can approve anything; \`/k8s-why go\` turns them on again.`;
}
