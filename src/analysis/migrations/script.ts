import { type Code, closing, listOf, slice, split } from "./code.ts";
import { type Link, chainOf, functionBody } from "./chain.ts";
import type { Draft, Operation, RawSql } from "./operation.ts";
import { unknown } from "./operation.ts";

/** What a call does, or undefined where the tool has no such call. */
export type ReadCall = (links: readonly Link[], statement: Code) => readonly (Operation | RawSql)[] | undefined;

const DEEPEST = 8;

/** What the statements of a JavaScript, TypeScript or C# body do; what no reader knows is unknown. */
export function readStatements(body: Code, read: ReadCall, depth = 0): (Operation | RawSql)[] {
  if (depth > DEEPEST) return [unknown(body.raw, "It is nested too deep")];
  return split(body, endsStatement).flatMap((statement) => readStatement(statement, read, depth));
}

/** At a semicolon; at the end of a line unless the next goes on with a dot; after a block. */
function endsStatement(bare: string, at: number): boolean {
  if (bare[at] === ";") return true;
  if (bare[at] !== "\n") return false;
  const before = bare.slice(Math.max(0, at - 80), at).trimEnd();
  const after = bare.slice(at, at + 200).trimStart();
  return !/^[.?:)\]=]|^(else|catch|finally)\b/.test(after) && !/(=|=>|[,(&|.]|\b(return|await|else))$/.test(before);
}

function readStatement(statement: Code, read: ReadCall, depth: number): readonly (Operation | RawSql)[] {
  const { bare, raw } = statement;
  if (/^(_+|return|\}|break)?;?$/.test(bare.trim())) return [];
  if (/^throw\b/.test(bare)) return [unknown(raw, "It gives up with an error")];
  if (/^(try|if|else|for|do|while|catch|finally|\{)/.test(bare)) return readBlocks(statement, read, depth);
  const value = /^(?:const|let|var)\s+[\w{}\s,]+(?::[^=]+)?=\s*/.exec(bare)?.[0].length ?? 0;
  const links = chainOf(slice(statement, value));
  if (links) return inside(links, read, depth) ?? read(links, statement) ?? [unknown(raw, "It is a call that is not known")];
  return isConstant(bare, value) ? [] : [unknown(raw, "It is code")];
}

/** It calls nothing: it does nothing. */
function isConstant(bare: string, value: number): boolean {
  return value > 0 && !bare.includes("(");
}

/** Transactions and `Promise.all` only carry other calls. */
function inside(links: readonly Link[], read: ReadCall, depth: number): readonly (Operation | RawSql)[] | undefined {
  const last = links.at(-1);
  if (!last?.args) return undefined;
  if (last.name === "commit" || last.name === "rollback") return [];
  if (last.name === "transaction") return inTransaction(last.args, read, depth);
  return links[0]?.name === "Promise" && last.name.startsWith("all") ? allOf(last.args[0], read, depth) : undefined;
}

function allOf(list: Code | undefined, read: ReadCall, depth: number): readonly (Operation | RawSql)[] | undefined {
  if (!list?.bare.startsWith("[") || closing(list.bare, 0) !== list.bare.length - 1) return undefined;
  return listOf(slice(list, 1, -1)).flatMap((one) => readStatement(one, read, depth + 1));
}

function inTransaction(args: readonly Code[], read: ReadCall, depth: number): readonly (Operation | RawSql)[] | undefined {
  const run = args.at(-1);
  if (!run || !/=>|^(async\s+)?function\b/.test(run.bare)) return args.every((arg) => !/[({]/.test(arg.bare)) ? [] : undefined;
  const body = functionBody(run);
  return body && readStatements(body, read, depth + 1);
}

/** Every block of a compound statement may run. */
function readBlocks(statement: Code, read: ReadCall, depth: number): (Operation | RawSql)[] {
  const found: (Operation | RawSql)[] = [];
  let at = 0;
  for (let open = statement.bare.indexOf("{"); open !== -1; open = statement.bare.indexOf("{", at)) {
    const head = statement.bare.slice(at, open);
    const close = closing(statement.bare, open);
    if (close === -1 || /;/.test(head.replace(/\([^)]*\)/g, ""))) break;
    at = close + 1;
    // What a catch does is to give up: the transaction goes back.
    if (!/catch/.test(head)) found.push(...readStatements(slice(statement, open + 1, close), read, depth + 1));
  }
  if (at === 0 || statement.bare.slice(at).trim() !== "") found.push(unknown(statement.raw, "It is code"));
  return found;
}

/** The body of `up` or `down`, however it is exported; undefined where it is not there or was cut. */
function findBody(code: Code, name: string): Code | undefined {
  const pattern = new RegExp(
    String.raw`(?:^|[\s.{,;])(?:${name})\s*(?:=|:|(?=\())\s*(?=(?:async\s*)?(?:function\b[^(]*)?(?:\(|\w+\s*=>))`,
    "g",
  );
  for (const match of code.bare.matchAll(pattern)) {
    const rest = slice(code, match.index + match[0].length);
    const body = functionBody(rest);
    if (body) return body;
  }
  return undefined;
}

/** A draft of a file with `up` and `down` bodies. */
export function draftOf(code: Code, read: ReadCall): Draft {
  const up = findBody(code, "up|Up");
  const down = findBody(code, "down|Down");
  return {
    operations: up ? readStatements(up, read) : [unknown(code.raw, "What it does on the way up was not found")],
    wayBack: down === undefined ? "unknown" : isEmpty(down) ? "none" : "written",
  };
}

/** Does nothing, or only gives up. */
function isEmpty(down: Code): boolean {
  const bare = down.bare.replace(/\s|;|\bawait\b|\breturn\b|Promise\.resolve\(\)/g, "");
  return bare === "" || /\bthrow\b/.test(down.bare);
}
