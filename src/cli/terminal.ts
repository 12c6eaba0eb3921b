import stringWidth from "string-width";
import { styleText } from "node:util";

/** Colours where a terminal shows them (and NO_COLOR is not set), plain text in a pipe or a file. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  /** Columns of the terminal; absent in a pipe. */
  readonly columns?: number;
}

/** The style of a stream. */
export function styleOf(stream: NodeJS.WriteStream): Style {
  const paint = (format: "bold" | "dim" | "green" | "red") => (text: string) => styleText(format, text, { stream });
  return {
    strong: paint("bold"),
    faint: paint("dim"),
    good: paint("green"),
    bad: paint("red"),
    ...(stream.isTTY && { columns: stream.columns }),
  };
}

/** Foreign text as one line: nothing in it moves the cursor, hides, or turns the rest around. */
export function plain(text: string): string {
  return text
    .slice(0, 10_000)
    .toWellFormed()
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/\p{Cf}|\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .trim();
}

/** Cut to so many columns, with an ellipsis. */
export function fit(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const { segment } of segmenter.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Filled with blanks on the right to so many columns. */
export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}

/** Columns that a text takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}
