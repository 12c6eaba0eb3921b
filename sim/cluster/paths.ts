import { resources, type Resource } from "./resources.ts";
import type { Target } from "./call.ts";

/** What a path below /api or /apis names, or undefined where nothing is served. */
export function parsePath(pathname: string): Target | undefined {
  const parts = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decode);
  const [root, ...rest] = parts;
  if (root === "api") return inVersion("", rest);
  if (root === "apis") return inVersion(rest[0] ?? "", rest.slice(1));
  return undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function inVersion(group: string, [version, ...rest]: readonly string[]): Target | undefined {
  const find = (plural: string | undefined): Resource | undefined =>
    resources.find((resource) => resource.group === group && resource.version === version && resource.plural === plural);
  const [first, namespace, plural, ...deeper] = rest;
  const inside = find(plural);
  if (first === "namespaces" && namespace !== undefined && inside?.namespaced) return toTarget(inside, namespace, deeper);
  const [, ...below] = rest;
  const outside = find(first);
  return outside && toTarget(outside, undefined, below);
}

function toTarget(
  resource: Resource,
  namespace: string | undefined,
  [name, subresource, ...more]: readonly string[],
): Target | undefined {
  if (more.length > 0) return undefined;
  // A namespaced object without its namespace in the path names nothing.
  if (name !== undefined && resource.namespaced && namespace === undefined) return undefined;
  if (subresource !== undefined && !resource.subresources.includes(subresource)) return undefined;
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
