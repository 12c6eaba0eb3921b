import type { Landing, ReportedChange } from "#domain/change.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import type { Bearing } from "./bearing.ts";
import { titleOf } from "./words.ts";

/**
 * A landing in another repository, such as the one that configuration is deployed from, as a change like one that was reported: what is
 * learnt about landings is learnt within one repository.
 */
export function foreignChange({ id, at, repository, author, message, url, files }: Landing): ReportedChange {
  const title = `${titleOf(message, 150)} (${repository})`;
  return {
    kind: "reported",
    id,
    at,
    what: "other",
    title,
    by: author.name,
    url,
    workloads: [],
    repository,
    paths: pathsOf(files),
  };
}

/** About the workload where a directory or file in it carries its name; else about something else. */
export function foreignBearing({ files }: Landing, workload: WorkloadKey): Bearing {
  const name = workload.split("/").at(-1) ?? "";
  const isNamed = files.some(({ path }) => path.split("/").some((part) => part === name || part.startsWith(`${name}.`)));
  return isNamed ? "own" : "elsewhere";
}

const PATHS_KEPT = 30;

function pathsOf(files: Landing["files"]): string[] {
  return files.slice(0, PATHS_KEPT).map(({ path }) => path);
}
