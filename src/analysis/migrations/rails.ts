import type { Draft, Operation, RawSql } from "./operation.ts";
import { type Code, slice, split, toCode, trim } from "./code.ts";
import { isIrreversible, readCall } from "./rails-calls.ts";
import { unknown } from "./operation.ts";

/** Rails: `change`, or `up` and `down` (guides.rubyonrails.org/active_record_migrations.html). */
export function readRails(text: string): Draft {
  const code = toCode(text, "ruby");
  const change = methodOf(code, "change");
  const up = change ?? methodOf(code, "up");
  const down = methodOf(code, "down");
  if (!up) return { operations: [unknown(text, "Neither change nor up was found")], wayBack: "unknown" };
  const lines = linesOf(up);
  const operations = readLines(lines);
  if (change) return { operations, wayBack: isDerived(lines) ? "derived" : "none" };
  return { operations, wayBack: down === undefined || isEmpty(down) ? "none" : "written" };
}

/** From `def name` to the `end` at the same indent. */
function methodOf(code: Code, name: string): Code | undefined {
  const head = new RegExp(String.raw`^([ \t]*)def (?:self\.)?${name}[ \t]*\n`, "m").exec(code.bare);
  if (!head) return undefined;
  const from = head.index + head[0].length;
  const end = new RegExp(`^${head[1] ?? ""}end\\b`, "m").exec(code.bare.slice(from));
  return end ? slice(code, from, from + end.index) : undefined;
}

function isEmpty({ bare }: Code): boolean {
  return bare.trim() === "" || /\braise\b/.test(bare);
}

/** Statements: lines, with those that go on in the next. */
function linesOf(body: Code): Code[] {
  return split(
    body,
    (bare, at) =>
      bare[at] === "\n" && !/[,\\]\s*$/.test(bare.slice(Math.max(0, at - 40), at)) && !/^\s*\./.test(bare.slice(at, at + 200)),
  );
}

const BLOCK = /\bdo\s*(?:\|(\w*)[^|]*\|)?$/;

/** A block that is open: what its lines mean. */
interface Open {
  readonly kind: "plain" | "create" | "table" | "down";
  readonly table?: string;
}

function readLines(lines: readonly Code[]): (Operation | RawSql)[] {
  const open: Open[] = [];
  const found: (Operation | RawSql)[] = [];
  for (const one of lines) {
    const line = unwrapped(one);
    if (/^end\b/.test(line.bare)) {
      open.pop();
      continue;
    }
    const around = open.at(-1);
    const skipped = open.some(({ kind }) => kind === "down" || kind === "create");
    if (!skipped && !opens(line)) found.push(...readCall(line, around?.kind === "table" ? { table: around.table } : undefined));
    if (BLOCK.test(line.bare) || opens(line)) open.push(blockOf(line));
  }
  return found;
}

/** `safety_assured { execute "..." }` is what stands in its braces. */
function unwrapped(line: Code): Code {
  const head = /^(safety_assured|up_only|transaction)\s*\{/.exec(line.bare);
  return head && line.bare.endsWith("}") ? trim(slice(line, head[0].length, -1)) : line;
}

/** Lines that only stand around others. */
function opens({ bare }: Code): boolean {
  return (
    /^(if|unless|begin)\b(?!.*\bend$)/.test(bare) ||
    /^(reversible|up_only|safety_assured|transaction|dir\.up|dir\.down|direction\.up|direction\.down)\b.*\bdo\b/.test(bare) ||
    /^change_table\b/.test(bare)
  );
}

function blockOf({ bare, raw }: Code): Open {
  if (/^create_(join_)?table\b/.test(bare)) return { kind: "create" };
  if (/^\w+\.down\b/.test(bare) || /^drop_(join_)?table\b/.test(bare)) return { kind: "down" };
  const table = /^change_table\s*\(?\s*[:"'](\w+)/.exec(raw)?.[1];
  return /^change_table\b/.test(bare) ? { kind: "table", ...(table !== undefined && { table }) } : { kind: "plain" };
}

/** What Rails cannot turn around raises when it goes back (ActiveRecord::Migration::CommandRecorder). */
function isDerived(lines: readonly Code[]): boolean {
  let reversible = 0;
  for (const line of lines) {
    if (reversible > 0) {
      if (BLOCK.test(line.bare) || /^(if|unless)\b/.test(line.bare)) reversible++;
      else if (/^end\b/.test(line.bare)) reversible--;
    } else if (/^(reversible|up_only)\b/.test(line.bare)) reversible = BLOCK.test(line.bare) ? 1 : 0;
    else if (isIrreversible(line)) return false;
  }
  return true;
}
