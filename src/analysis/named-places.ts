import type { Change } from "#domain/change.ts";

/** Of more places than this a name says nothing. */
const AT_MOST = 8;
/** Names looked for, and files of each landing. */
const NAMES = 50;
const FILES = 300;

/** Directories that landings touch and that are called as a service is, `namespace/cart` or `cart`; none within another of them. */
export function placesNamed(names: readonly string[], changes: readonly Change[]): readonly string[] {
  const wanted = new Set(names.slice(0, NAMES).flatMap((name) => name.toLowerCase().split("/").at(-1) || []));
  if (wanted.size === 0) return [];
  const found = new Set<string>();
  for (const change of changes) {
    if (change.kind !== "landing") continue;
    for (const { path } of change.files.slice(0, FILES)) {
      const place = placeIn(path, wanted);
      if (place !== undefined) found.add(place);
    }
  }
  return found.size > AT_MOST ? [] : [...found].toSorted();
}

/** `services/cart` of `services/cart/src/cart/a.ts`. */
function placeIn(path: string, wanted: ReadonlySet<string>): string | undefined {
  const segments = path.split("/");
  const index = segments.findIndex((segment, at) => at < segments.length - 1 && wanted.has(segment.toLowerCase()));
  return index < 0 ? undefined : segments.slice(0, index + 1).join("/");
}
