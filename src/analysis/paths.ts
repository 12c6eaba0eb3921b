import type { Landing } from "#domain/change.ts";
import type { Ownership } from "#domain/ownership.ts";
import { fileKinds } from "./past/file-kinds.ts";

/** Whose a path is, seen from the workload: its own, everybody's, or another service's. `unknown` where its owner's paths are not known. */
export type Whose = "own" | "shared" | "other" | "unknown";

const SHARED_NAMES = new Set([
  "lib",
  "libs",
  "pkg",
  "packages",
  "common",
  "shared",
  "core",
  "internal",
  "proto",
  "protos",
  "vendor",
  "third_party",
  "platform",
  "utils",
]);
/** Paths of the owner that occur in the landings: a guess by name lists places that may not exist. */
export function knownPaths(ownership: Ownership, landings: readonly Landing[]): readonly string[] {
  const seen = ownership.paths.filter((prefix) =>
    landings.some((landing) => landing.files.some((file) => file.path.startsWith(prefix))),
  );
  return seen.length > 0 ? seen : ownership.from === "name" ? [] : ownership.paths;
}

/** Whose a path is; `own` are directory prefixes. */
export function whoseIs(path: string, own: readonly string[]): Whose {
  if (own.length === 0) return "unknown";
  if (own.some((prefix) => path.startsWith(prefix))) return "own";
  const isSibling = own.some((prefix) => {
    const parent = parentOf(prefix);
    if (!path.startsWith(parent)) return false;
    const next = path.indexOf("/", parent.length);
    return next >= 0 && !SHARED_NAMES.has(path.slice(parent.length, next));
  });
  if (isSibling) return "other";
  // Only the first parts tell: a path of thousands is not taken apart.
  const [first = "", second] = path.split("/", 2);
  return second === undefined || SHARED_NAMES.has(first) || SHARED_NAMES.has(second) ? "shared" : "other";
}

/** `services/` of `services/web/`; empty at the top. */
function parentOf(prefix: string): string {
  const trimmed = prefix.replace(/\/$/, "");
  return trimmed.slice(0, trimmed.lastIndexOf("/") + 1);
}

/** Documentation, tests or GitHub's own settings: it does not run in production. */
export function isIdle(path: string): boolean {
  const { docs, test } = fileKinds(path);
  return docs || test || path.startsWith(".github/");
}
