import type { KubePodTemplate } from "#clients/kubernetes/objects.ts";
import { type Leaf, leavesOf, textOf } from "./template-leaves.ts";
import { createMask, isSecretName, oneShortLine } from "./mask.ts";
import { plain } from "./history.ts";

/** Lines that are shown; more would not be read. */
const MOST_LINES = 40;

/**
 * What differs between two pod templates, as lines of a manifest under the name of their container: `-` goes, `+` comes, `~` changed and
 * is not shown. Containers come first: the image is what people look for, and the cut must not hide it. No value of the environment of
 * either side is in it, nor what looks like a secret; every line is short and without control characters.
 */
export function diffTemplates(from: KubePodTemplate, to: KubePodTemplate): string[] {
  const leaves = leavesOf(plain(from), plain(to));
  const { text } = createMask([from, to]);
  const lines: string[] = [];
  let place = "";
  for (const [index, leaf] of leaves.entries()) {
    const heading = leaf.place === place ? [] : [`  ${oneShortLine(leaf.place)}`];
    const shown = [...heading, ...linesOf(leaf, text)];
    if (lines.length + shown.length > MOST_LINES)
      return [...lines, `  and ${(leaves.length - index).toLocaleString("en-US")} more`];
    lines.push(...shown);
    place = leaf.place;
  }
  return lines;
}

function linesOf(leaf: Leaf, text: (raw: string) => string): string[] {
  const { path, before, after } = leaf;
  const name = text(path);
  if (isHidden(leaf)) return [hiddenLine(name, before, after)];
  // An image's name is no secret, and its tag is what people look for.
  const shown = path === "image" ? oneShortLine : text;
  const line = (sign: string, value: unknown) => (value === undefined ? [] : [`${sign} ${name}: ${shown(textOf(value))}`]);
  return [...line("-", before), ...line("+", after)];
}

/** Names of annotations and labels are free text, and say what they hold; those of other fields are Kubernetes' own. */
function isHidden({ place, path, hidden }: Leaf): boolean {
  return (
    hidden || (/^(?:annotations|labels)$/.test(place) && isSecretName(path)) || /(?:password|passphrase|apikey)$/i.test(path)
  );
}

function hiddenLine(name: string, before: unknown, after: unknown): string {
  if (before === undefined) return `+ ${name} (value hidden)`;
  return after === undefined ? `- ${name} (value hidden)` : `~ ${name}: changed`;
}
