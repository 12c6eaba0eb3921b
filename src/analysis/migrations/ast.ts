/** A node of a parser's tree: read with care, whatever its shape. */
export type Node = Readonly<Record<string, unknown>>;

const NONE: Node = {};

/** A value as a node; an empty one where it is none. */
export function toNode(value: unknown): Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : NONE;
}

/** The child of that name. */
export function child(node: Node, ...keys: readonly string[]): Node {
  return keys.reduce((at, key) => toNode(at[key]), node);
}

/** The children of that name; none where there is no list. */
export function children(node: Node, key: string): Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.map(toNode) : [];
}

/** A text, or an empty one. */
export function word(node: Node, key: string): string {
  const value = node[key];
  return typeof value === "string" ? value : "";
}

/** Every node under this one that stands under the key, however deep. Looks at 20,000 nodes at most. */
export function findAll(node: Node, key: string): Node[] {
  const found: Node[] = [];
  const open: unknown[] = [node];
  for (let seen = 0; open.length > 0 && seen < 20_000; seen++) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    for (const [name, value] of Object.entries(next)) {
      if (name === key) found.push(toNode(value));
      open.push(value);
    }
  }
  return found;
}
