import type { RepositoryLayout } from "#domain/layout.ts";
import { type Subject, directoryOf, namesOf } from "./guess.ts";
import { isBuildOf } from "./from-layout.ts";

const AT_MOST = 20;

/**
 * Directories, each ends in a slash, that the workload's build copies in besides its own: what it imports, as far as its Dockerfiles tell. Empty
 * where it copies the whole repository, since that tells nothing.
 */
export function importsOf(subject: Subject, { builds }: RepositoryLayout, own: readonly string[]): readonly string[] {
  const names = namesOf(subject);
  const isOwn = (path: string) => own.some((prefix) => prefix !== "" && (path.startsWith(prefix) || prefix.startsWith(path)));
  const ours = builds.filter(
    ({ file }) =>
      names.some((name) => isBuildOf(file, name)) || own.some((prefix) => prefix !== "" && directoryOf(file) === prefix),
  );
  const copied = new Set(ours.flatMap(({ copies }) => copies).filter((place) => place !== "" && place !== "/" && !isOwn(place)));
  return [...copied].toSorted().slice(0, AT_MOST);
}
