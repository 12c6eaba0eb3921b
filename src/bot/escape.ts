import { cut } from "./fit.ts";

/**
 * Foreign text as one safe line of at most `max` characters of Slack's mrkdwn. Slack's own rule is to replace `&`, `<` and `>`
 * (docs.slack.dev/messaging/formatting-message-text#escaping); on top of it nothing in it formats, hides, turns around or calls people.
 */
export function escape(text: string, max: number): string {
  // Most of a 3 MB message is never looked at.
  const line = oneLine(text.slice(0, max * 4 + 200));
  const safe = line
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/`/g, "'")
    .replace(/\*/g, "∗")
    .replace(/~/g, "∼")
    .replace(/@(?=channel|here|everyone)/gi, "＠");
  return cut(safe, max);
}

/** Foreign text as inline code. */
export function code(text: string, max: number): string {
  return `\`${escape(text, max - 2) || " "}\``;
}

/** The first line of a commit message, or a sentence that there is none. */
export function titleOf(message: string, max: number): string {
  const [first = ""] = message
    .slice(0, 10_000)
    .trimStart()
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/, 1);
  return escape(first, max) || "(no message)";
}

/** A link, or the bare label where the address is not one that can stand in a message. The label must be escaped already. */
export function link(url: string | undefined, label: string): string {
  const safe = url === undefined || url.length > maxUrl ? undefined : toHttpUrl(url);
  return safe === undefined ? label : `<${safe}|${label.replaceAll("|", "∣")}>`;
}

const maxUrl = 300;

function toHttpUrl(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "") return undefined;
  const href = parsed.href.replaceAll("|", "%7C").replaceAll("&", "&amp;").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return href.length > maxUrl ? undefined : href;
}

/** Without what cannot be seen or turns the rest around: control, bidi, zero-width and tag characters, stacks of combining marks. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/\p{Cf}|\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .trim();
}
