import type { Diagnosis } from "#domain/diagnosis.ts";
import type { Rollout } from "#domain/change.ts";
import { type Window, codeSha } from "./correlate.ts";

/**
 * GitHub's comparison of what ran before the guilty rollout with what runs now, on the host that the landings' links name. A comparison
 * cannot be narrowed to paths; where the service has one directory, the list of its commits can.
 */
export function comparisonOf(
  rollout: Rollout | undefined,
  window: Window,
  own: readonly string[],
): Pick<Diagnosis, "compareUrl" | "ownUrl"> {
  const base = codeSha(rollout?.previousCommit);
  const head = window.rollouts.flatMap(({ commit }) => codeSha(commit) ?? []).at(-1);
  const site = window.landings[0]?.url.split("/commit/")[0];
  if (!base || !head || base === head || !site) return {};
  const since = window.landings.find(({ sha }) => sha.startsWith(base))?.at;
  const ownUrl = since === undefined ? undefined : historyUrl(site, head, own, since);
  return { compareUrl: `${site}/compare/${base}...${head}`, ...(ownUrl !== undefined && { ownUrl }) };
}

/** Commits to the only directory up to one, since the day of another. */
function historyUrl(site: string, head: string, own: readonly string[], since: number): string | undefined {
  const [directory = "", ...others] = own;
  if (directory === "" || others.length > 0) return undefined;
  const path = directory.replace(/\/$/, "").split("/").map(encodeURIComponent).join("/");
  return `${site}/commits/${head}/${path}?since=${new Date(since).toISOString().slice(0, 10)}`;
}
