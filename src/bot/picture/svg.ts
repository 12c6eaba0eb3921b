/** Attributes of an element; what is undefined is left out. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element. Values are escaped, children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : xml(value ?? "")}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** Text at its baseline; of several pieces each may have a colour of its own. */
export function text(words: string | readonly Piece[], at: { x: number; y: number }, look: Attributes): string {
  const pieces = typeof words === "string" ? [{ words }] : words;
  const written = pieces.map(({ words: piece, fill }: Piece) =>
    fill === undefined ? xml(printable(piece)) : element("tspan", { fill }, xml(printable(piece))),
  );
  return element("text", { ...at, ...look }, ...written);
}

interface Piece {
  readonly words: string;
  readonly fill?: string;
}

/** About as wide as the bundled font sets it, in the unit of `size`. */
export function widthOf(words: string, size: number): number {
  let ems = 0;
  for (const char of words)
    ems += /[ilj.,:;'|!() ]/.test(char)
      ? 0.28
      : /[tfr1]/.test(char)
        ? 0.4
        : /[mwMW%@]/.test(char)
          ? 0.9
          : /[A-Z]/.test(char)
            ? 0.7
            : 0.58;
  return ems * size;
}

/** Cut with `…` to what fits into `width`. */
export function fitWidth(words: string, size: number, width: number): string {
  if (widthOf(words, size) <= width) return words;
  let kept = words;
  while (kept !== "" && widthOf(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** The bundled font has Latin letters only: what else a name or a title holds would be boxes. */
function printable(words: string): string {
  return words.replace(/[^\u0020-\u007e\u00a0-\u00ff…]/gu, "?");
}

function xml(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
