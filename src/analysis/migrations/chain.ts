import { type Code, closing, listOf, slice, trim } from "./code.ts";

/** A name in a chain, with its arguments where it is called. */
export interface Link {
  readonly name: string;
  readonly args?: readonly Code[];
}

/** `await a.b(c).d(e)` as its names and calls; undefined for anything else. */
export function chainOf(code: Code): readonly Link[] | undefined {
  const lead = /^\s*(?:(?:return|await|yield|void)\b\s*)*/.exec(code.bare)?.[0].length ?? 0;
  const links: Link[] = [];
  for (let at = lead; at < code.bare.length;) {
    const name = /^\s*(?:[?!]?\.\s*)?([A-Za-z_$]\w*)\s*(?:<[\w\s.,[\]?<>]*>)?\s*/.exec(code.bare.slice(at));
    if (!name || (links.length > 0 && !name[0].trimStart().startsWith(".") && !/^[?!]\./.test(name[0].trimStart())))
      return undefined;
    at += name[0].length;
    const args = code.bare[at] === "(" ? closing(code.bare, at) : undefined;
    if (args === -1) return undefined;
    links.push({ name: name[1] ?? "", ...(args !== undefined && { args: listOf(slice(code, at + 1, args)) }) });
    if (args !== undefined) at = args + 1;
    if (/^\s*;?\s*$/.test(code.bare.slice(at))) return links;
  }
  return undefined;
}

/** The statements of `(a) => { ... }`, `(a) => expression` or `function (a) { ... }`; undefined for anything else. */
export function functionBody(code: Code): Code | undefined {
  const head = /^\s*(?:async\s+)?(?:function\s*\w*\s*)?(?:\(|\w+\s*=>)/.exec(code.bare);
  if (!head) return undefined;
  let at = head[0].length;
  if (head[0].endsWith("(")) {
    const close = closing(code.bare, at - 1);
    if (close === -1) return undefined;
    at = close + 1;
  }
  const rest = trim(slice(code, at));
  // A return type, an arrow, or nothing stands between.
  const arrow = /^(?::[^={]*)?(?:=>)?\s*/.exec(rest.bare)?.[0].length ?? 0;
  const body = slice(rest, arrow);
  if (!body.bare.startsWith("{")) return slice(body, 0, endOfExpression(body.bare));
  const close = closing(body.bare, 0);
  return close === -1 ? undefined : slice(body, 1, close);
}

/** Where an expression ends: at a separator or a bracket that it did not open, or where the next export begins. */
function endOfExpression(bare: string): number {
  let depth = 0;
  const next = /\n\s*(?:module\.)?exports?\b/.exec(bare)?.index ?? bare.length;
  for (let at = 0; at < next; at++) {
    const char = bare[at] ?? "";
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char) && --depth < 0) return at;
    else if (depth === 0 && ",;".includes(char)) return at;
  }
  return next;
}
