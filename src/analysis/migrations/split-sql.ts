/** A statement, and whether its end was seen. */
export interface Piece {
  readonly text: string;
  readonly ended: boolean;
}

/** Comments, strings, quoted names and dollar quotes, ended or not, and what ends a statement. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|'(?:[^']|'')*(?:'|(?![\s\S]))|"[^"]*(?:"|(?![\s\S]))|`[^`]*(?:`|(?![\s\S]))|\$(\w*)\$[\s\S]*?(?:\$\1\$|(?![\s\S]))|;|^[ \t]*go[ \t]*$/gim;

/** Statements of a script, cut at semicolons (and at T-SQL's GO) outside of strings, comments and dollar quotes. */
export function splitSql(script: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of script.matchAll(TOKEN)) {
    if (match[0] !== ";" && !/^\s*go\s*$/i.test(match[0])) continue;
    pieces.push({ text: script.slice(from, match.index), ended: true });
    from = match.index + match[0].length;
  }
  pieces.push({ text: script.slice(from), ended: false });
  return pieces.filter((piece) => bare(piece.text) !== "");
}

/** Without comments. MySQL carries out what stands in a comment that begins with `/*!`: that one stays. */
export function bare(sql: string): string {
  return sql.replace(TOKEN, (token) => (token.startsWith("--") || /^\/\*(?!!)/.test(token) ? " " : token)).trim();
}
