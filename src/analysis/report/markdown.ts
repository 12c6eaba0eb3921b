import type { Instant } from "#domain/workload.ts";

const mostUrl = 500;

/**
 * Foreign text as one line of Markdown that says what it says and does nothing: no HTML, no link, nobody mentioned, no table cell ended, and nothing
 * that cannot be seen. Where Markdown has no way to keep a renderer from making a link, a look-alike stands.
 */
export function text(foreign: string, most = 240): string {
  const line = foreign
    .slice(0, most * 4)
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/\p{Cf}|\p{Default_Ignorable_Code_Point}/gu, "")
    .replaceAll(/(\p{M}{3})\p{M}+/gu, "$1")
    .trim();
  const short =
    line.length > most
      ? `${line
          .slice(0, most - 1)
          .toWellFormed()
          .replaceAll("�", "")}…`
      : line;
  return short
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("`", "'")
    .replaceAll(/[\\*_[\]|~$]/g, "\\$&")
    .replaceAll("://", ":∕∕")
    .replaceAll(/www\./gi, (found) => found.replace(".", "․"))
    .replaceAll("@", "＠");
}

/** A name as inline code. */
export function code(foreign: string, most = 150): string {
  const line = foreign
    .toWellFormed()
    .replaceAll(/[\s\p{C}]+/gu, " ")
    .replaceAll("`", "'")
    .replaceAll("|", "¦")
    .trim();
  return `\`${line.slice(0, most) || "-"}\``;
}

/** A link to an http(s) address, or the bare label where it is none. The label must be Markdown already. */
export function link(label: string, url: string | undefined): string {
  const parsed = url === undefined || url.length > mostUrl ? null : URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "") return label;
  return `[${label}](<${parsed.href.replaceAll("<", "%3C").replaceAll(">", "%3E")}>)`;
}

/** A heading with what stands under it; nothing where nothing does. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${heading}`, "", ...lines, ""];
}

/** A table; nothing without rows. Cells must be Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map((cell) => cell || " ").join(" | ")} |`);
}

/** `2026-03-02 12:03:10`, of UTC. */
export function moment(at: Instant): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8e15) return "at an unknown time";
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}
