import type { Diagnosis } from "#domain/diagnosis.ts";
import type { Landing, Rollout } from "#domain/change.ts";
import { type Window, codeSha } from "./correlate.ts";
import { whoseIs } from "./paths.ts";

/** Directories of the service whose commits are linked, each by itself. */
const LINKED = 2;

/**
 * GitHub's comparison of what ran before the guilty rollout with what runs now, on the host that the landings' links name. A comparison
 * cannot be narrowed to paths; the list of a directory's commits can, and how many of the landings are the service's is counted.
 */
export function comparisonOf(
  rollout: Rollout | undefined,
  window: Window,
  own: readonly string[],
): Pick<Diagnosis, "compareUrl" | "ownUrls" | "between"> {
  const base = codeSha(rollout?.previousCommit);
  const head = window.rollouts.flatMap(({ commit }) => codeSha(commit) ?? []).at(-1);
  const site = window.landings[0]?.url.split("/commit/")[0];
  if (!base || !head || base === head || !site) return {};
  const compareUrl = `${site}/compare/${base}...${head}`;
  return { compareUrl, ...ownOf(window.landings, own, { site, base, head }) };
}

function ownOf(
  landings: readonly Landing[],
  own: readonly string[],
  { site, base, head }: { readonly site: string; readonly base: string; readonly head: string },
): Pick<Diagnosis, "ownUrls" | "between"> {
  const from = landings.findIndex(({ sha }) => sha.startsWith(base));
  const since = landings[from]?.at;
  if (since === undefined || own.length === 0) return {};
  const ownUrls = own
    .filter((path) => path !== "")
    .slice(0, LINKED)
    .map((path) => historyUrl(site, head, path.replace(/\/$/, ""), since));
  const held = landings.slice(from + 1, landings.findIndex(({ sha }) => sha.startsWith(head)) + 1);
  return { ownUrls, ...(held.length > 0 && { between: { all: held.length, own: held.filter(isOf(own)).length } }) };
}

function isOf(own: readonly string[]): (landing: Landing) => boolean {
  return ({ files }) => files.some(({ path }) => whoseIs(path, own) === "own");
}

/** Commits to one directory up to a commit, since the day of another. */
function historyUrl(site: string, head: string, path: string, since: number): { readonly path: string; readonly url: string } {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return { path, url: `${site}/commits/${head}/${encoded}?since=${new Date(since).toISOString().slice(0, 10)}` };
}
