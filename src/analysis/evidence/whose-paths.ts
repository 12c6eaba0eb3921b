import { type EvidenceKind, type Finding, opposes, supports } from "./scene.ts";
import type { Ownership } from "#domain/ownership.ts";
import { isIdle, whoseIs } from "#analysis/paths.ts";
import { count, listed } from "#analysis/words.ts";

/** Whose code it touches: the service's own, everybody's, or only another service's. */
export const whosePaths: EvidenceKind = ({ landing }, { own, ownership, regime }) => {
  if (regime === "landings" || !landing || landing.files.length === 0 || own.length === 0) return undefined;
  const live = landing.files.filter((file) => !isIdle(file.path));
  const ours = live.filter((file) => whoseIs(file.path, own) === "own");
  if (ours.length > 0) {
    const places = own.filter((prefix) => prefix !== "" && ours.some((file) => file.path.startsWith(prefix)));
    return supports(
      "touches-service",
      ownership.from === "name" ? 2.2 : 2.5,
      `It touches ${count(ours.length, "file")} of this service${places.length > 0 ? ` (${listed(places)})` : ""}${knownFrom(ownership)}.`,
    );
  }
  const imported = (ownership.imports ?? []).filter((place) => live.some((file) => file.path.startsWith(place)));
  if (imported.length > 0)
    return supports("touches-imports", 1.5, `It touches ${listed(imported, 2)}, which this service's build copies in.`);
  return elsewhere(
    live.map((file) => file.path),
    own,
    landing.filesTotal > landing.files.length,
  );
};

/** A guess says what it rests on; what people said does not have to. */
function knownFrom({ from, why }: Ownership): string {
  return why === undefined || from === "configuration" || from === "annotation" ? "" : `: ${why}`;
}

function elsewhere(paths: readonly string[], own: readonly string[], cut: boolean): Finding | undefined {
  if (paths.length === 0) return undefined;
  const shared = paths.filter((path) => whoseIs(path, own) === "shared");
  if (shared.length > 0)
    return supports("touches-shared", 0.5, `It touches code or settings that services share (${listed(shared, 2)}).`);
  return opposes("other-service", cut ? 1.5 : 3, `It touches only other parts of the repository (${listed(tops(paths), 2)}).`);
}

function tops(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.split("/", 2).join("/")))];
}
