import { type Code, closing, listOf, slice, trim } from "./code.ts";

/** A name in a chain, with its arguments where it is called. */
export interface Link {
  readonly name: string;
  readonly args?: readonly Code[];
}

/** `await a.b(c).d(e)` as its names and calls; undefined for anything else. */
export function chainOf(code: Code): readonly Link[] | undefined {
  const links: Link[] = [];
  let at = /^\s*(?:(?:return|await|yield|void)\b\s*)*/.exec(code.bare)?.[0].length ?? 0;
  while (at < code.bare.length) {
    const next = linkAt(code, at, links.length === 0);
    if (!next) return undefined;
    links.push(next.link);
    at = next.end;
    if (/^[\s;]*$/.test(code.bare.slice(at, at + 50)) && code.bare.slice(at).trim().length <= 1) return links;
  }
  return undefined;
}

/** The name that stands here, with its type arguments passed over, and its arguments. */
function linkAt(code: Code, at: number, isFirst: boolean): { readonly link: Link; readonly end: number } | undefined {
  const rest = code.bare.slice(at, at + 500);
  const name = /^\s*([?!]?\.)?\s*([A-Za-z_$][\w$]{0,200})\s*(?:<[\w\s.,[\]?<>]*>)?\s*/.exec(rest);
  if (!name || isFirst === (name[1] !== undefined)) return undefined;
  const from = at + name[0].length;
  if (code.bare[from] !== "(") return { link: { name: name[2] ?? "" }, end: from };
  const close = closing(code.bare, from);
  if (close === -1) return undefined;
  return { link: { name: name[2] ?? "", args: listOf(slice(code, from + 1, close)) }, end: close + 1 };
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
