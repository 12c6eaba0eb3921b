import { parseFieldSelector, parseLabelSelector, type Matcher } from "./selectors.ts";
import type { Target } from "./call.ts";

/** Which objects a list, a watch or a deletecollection means: those of its path and of its selectors. Throws 400. */
export function toFilter({ resource, namespace, name }: Target, query: URLSearchParams): Matcher {
  const labels = query.get("labelSelector");
  const fields = query.get("fieldSelector");
  const tests: Matcher[] = [];
  if (labels) tests.push(parseLabelSelector(labels));
  if (fields) tests.push(parseFieldSelector(resource.name, fields));
  if (namespace !== undefined) tests.push(({ metadata }) => metadata.namespace === namespace);
  if (name !== undefined) tests.push(({ metadata }) => metadata.name === name);
  return (object) => tests.every((test) => test(object));
}

/** Whether the query narrows the collection; then a list cannot say how many remain. */
export function isSelective(query: URLSearchParams): boolean {
  return Boolean(query.get("labelSelector") ?? query.get("fieldSelector"));
}
