import type { OtherChange } from "./change.ts";

/** What was changed, as one plain sentence without a full stop. Titles of reported changes are foreign text: escape before showing. */
export function wordsOf(change: OtherChange): string {
  switch (change.kind) {
    case "scaling":
      return `Scaled from ${count(change.from)} to ${count(change.to)}${by(change.tool)}`;
    case "autoscaler-edit":
      return `The autoscaler's bounds ${bounds(change.from)} become ${bounds(change.to)}${by(change.tool)}`;
    case "pool-change":
      return `Nodes go from ${count(change.from)} to ${count(change.to)}`;
    case "config-edit": {
      const place = change.namespace ? `${change.namespace}/${change.name}` : change.name;
      const keys =
        change.keys.length > 0 ? ` (${change.keys.slice(0, 3).join(", ")}${change.keys.length > 3 ? ", ..." : ""})` : "";
      return `${change.object} ${place} was ${change.what}${keys}${by(change.tool)}`;
    }
    case "reported":
      return change.title;
  }
}

function bounds({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${count(min)} to ${count(max)}`;
}

function by(tool: string | undefined): string {
  return tool ? ` by ${tool}` : "";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
