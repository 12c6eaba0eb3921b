/** Paths of `ours` that `theirs` does not have, or has with another type. Null fits everything; of a list the first item counts. */
export function missingIn(ours: unknown, theirs: unknown, path = ""): string[] {
  if (ours === null || theirs === null || ours === undefined) return [];
  if (kindOf(ours) !== kindOf(theirs)) return [path];
  if (Array.isArray(ours))
    return ours.length > 0 && (theirs as unknown[]).length > 0 ? missingIn(ours[0], (theirs as unknown[])[0], `${path}[]`) : [];
  if (typeof ours !== "object") return [];
  return Object.entries(ours).flatMap(([key, value]) =>
    missingIn(value, (theirs as Record<string, unknown>)[key], path ? `${path}.${key}` : key),
  );
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
