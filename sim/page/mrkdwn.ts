/**
 * A piece of Slack's own markup. It is parsed here and not by slack-blocks-to-jsx, because that library reads the text as Markdown after
 * taking the escapes away: it shows `&lt;!channel&gt;` as a mention and drops lines that start with `#`, so it would hide good escaping and invent bad.
 */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold" | "italic" | "strike"; readonly parts: readonly Inline[] }
  | { readonly kind: "code" | "pre"; readonly text: string }
  | { readonly kind: "emoji"; readonly name: string }
  | { readonly kind: "link"; readonly url: string; readonly text: string }
  | { readonly kind: "user" | "group" | "channel"; readonly id: string; readonly text?: string }
  | { readonly kind: "broadcast"; readonly text: string }
  | { readonly kind: "date"; readonly seconds: number; readonly format: string; readonly fallback: string };

/** A run of lines, quoted or not. */
export interface Paragraph {
  readonly quoted: boolean;
  readonly parts: readonly Inline[];
}

/** Parses a mrkdwn text: https://docs.slack.dev/messaging/formatting-message-text */
export function parseMrkdwn(text: string): Paragraph[] {
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of splitLines(text)) {
    const quote = /^(?:&gt;|>) ?(.*)$/su.exec(line);
    const last = groups.at(-1);
    const content = quote?.[1] ?? line;
    if (last && last.quoted === (quote !== null)) last.lines.push(content);
    else groups.push({ quoted: quote !== null, lines: [content] });
  }
  return groups.map(({ quoted, lines }) => ({ quoted, parts: parseInline(lines.join("\n")) }));
}

/** Lines, where a block of ``` is one line however long. */
function splitLines(text: string): string[] {
  const lines: string[] = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    if (fenced) lines.push(`${lines.pop() ?? ""}\n${line}`);
    else lines.push(line);
    if (line.split("```").length % 2 === 0) fenced = !fenced;
  }
  return lines;
}

/** Takes Slack's three escapes away, and no others. */
export function unescapeText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

interface Rule {
  readonly pattern: RegExp;
  readonly toPart: (match: RegExpExecArray) => Inline;
}

const span = (mark: string): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}${mark}])${mark}(?=[^\\s${mark}])([^${mark}\\n]*[^\\s${mark}])${mark}(?![\\p{L}\\p{N}${mark}])`,
    "u",
  );

const RULES: readonly Rule[] = [
  { pattern: /```([\s\S]+?)```/u, toPart: (match) => ({ kind: "pre", text: unescapeText(match[1] ?? "").replace(/^\n/u, "") }) },
  { pattern: /`([^`\n]+)`/u, toPart: (match) => ({ kind: "code", text: unescapeText(match[1] ?? "") }) },
  { pattern: /<([^<>\n]+)>/u, toPart: (match) => parseReference(match[1] ?? "") },
  { pattern: /(?<![\p{L}\p{N}]):([a-z0-9_+-]{2,60}):/u, toPart: (match) => ({ kind: "emoji", name: match[1] ?? "" }) },
  { pattern: span("\\*"), toPart: (match) => ({ kind: "bold", parts: parseInline(match[1] ?? "") }) },
  { pattern: span("_"), toPart: (match) => ({ kind: "italic", parts: parseInline(match[1] ?? "") }) },
  { pattern: span("~"), toPart: (match) => ({ kind: "strike", parts: parseInline(match[1] ?? "") }) },
  {
    pattern: /\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)]/u,
    toPart: (match) => ({ kind: "link", url: unescapeText(match[0]), text: unescapeText(match[0]) }),
  },
];

/** Parses what stands within lines. */
export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  while (rest !== "") {
    const found = firstMatch(rest);
    const until = found?.match.index ?? rest.length;
    if (until > 0) parts.push({ kind: "text", text: unescapeText(rest.slice(0, until)) });
    if (!found) break;
    parts.push(found.rule.toPart(found.match));
    rest = rest.slice(until + found.match[0].length);
  }
  return parts;
}

function firstMatch(text: string): { rule: Rule; match: RegExpExecArray } | undefined {
  let first: { rule: Rule; match: RegExpExecArray } | undefined;
  for (const rule of RULES) {
    const match = rule.pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { rule, match };
  }
  return first;
}

/** What stands between angle brackets. */
function parseReference(content: string): Inline {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const text = bar < 0 ? undefined : unescapeText(content.slice(bar + 1));
  const label = text ? { text } : {};
  if (target.startsWith("@")) return { kind: "user", id: target.slice(1), ...label };
  if (target.startsWith("#")) return { kind: "channel", id: target.slice(1), ...label };
  if (target.startsWith("!")) return parseSpecial(target.slice(1), text);
  const url = unescapeText(target);
  return /^(?:https?|mailto|tel):/u.test(url) ? { kind: "link", url, text: url, ...label } : { kind: "text", text: text ?? url };
}

function parseSpecial(target: string, label: string | undefined): Inline {
  const [name = "", first = "", second = ""] = target.split("^");
  if (name === "subteam") return { kind: "group", id: first, ...(label ? { text: label } : {}) };
  if (name === "date") return { kind: "date", seconds: Number(first), format: second, fallback: label ?? "" };
  return { kind: "broadcast", text: `@${name}` };
}
