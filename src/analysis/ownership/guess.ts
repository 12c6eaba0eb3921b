import type { Landing, Rollout } from "#domain/change.ts";
import type { RepositoryLayout } from "#domain/layout.ts";
import type { WorkloadRef } from "#domain/workload.ts";

/** What is known of a workload when its paths are looked for. */
export interface Subject {
  readonly workload: Pick<WorkloadRef, "cluster" | "namespace" | "name">;
  /** Images that it runs, as written. */
  readonly images: readonly string[];
  /** Team that it says it belongs to, if it does. */
  readonly team?: string;
}

/** What a source of guesses may look at. */
export interface Sources {
  readonly layout?: RepositoryLayout;
  /** Of the repository, by time. */
  readonly landings: readonly Landing[];
  /** Of all workloads, by time. */
  readonly rollouts: readonly Rollout[];
}

/** Paths that belong to a workload, directories that end in a slash, and a sentence (without full stop) that says why. */
export interface PathGuess {
  readonly paths: readonly string[];
  readonly why: string;
}

/** One source: pure; undefined where it knows nothing. */
export type PathSource = (subject: Subject, sources: Sources) => PathGuess | undefined;

const AT_MOST = 8;

/** A guess of a few paths; of many, none: they would say nothing. None lies in another of them. */
export function guessOf(paths: Iterable<string>, why: (listed: string) => string): PathGuess | undefined {
  const unique = [...new Set(paths)].filter((path) => path !== "" && path !== "/").toSorted();
  const outer = unique.filter((path) => !unique.some((other) => other !== path && path.startsWith(other)));
  return outer.length === 0 || outer.length > AT_MOST ? undefined : { paths: outer, why: why(listed(outer)) };
}

/** Names under which a workload's code may lie: its own and those of its images, most telling first, lower case. */
export function namesOf({ workload, images }: Subject): string[] {
  const ofImages = images.map((image) => imageName(image).split("/").at(-1) ?? "");
  return [...new Set([workload.name, ...ofImages].map((name) => name.toLowerCase()))].filter((name) => name.length > 1);
}

/** `registry:5000/shop/web:7@sha256:...` gives `shop/web`, or `registry.example/shop/web` where the first part is a host. */
export function imageName(image: string): string {
  const [withoutDigest = ""] = image.split("@", 1);
  const name = withoutDigest.replace(/:[\w.-]{1,128}$/, "");
  const [host = "", ...rest] = name.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(host) ? rest.join("/") : name;
}

/** `a/b/` of `a/b/Dockerfile`; empty at the top. */
export function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

function listed(paths: readonly string[]): string {
  return paths.length <= 3 ? paths.join(", ") : `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more`;
}
