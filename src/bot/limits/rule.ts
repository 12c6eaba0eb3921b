import { cutMrkdwn } from "./cut.ts";

/** What Slack takes at one place of a message or a view. */
export type Rule =
  /** Whatever stands there. */
  | { readonly kind: "any" }
  /** A string. `exact`: cut it would mean something else. */
  | { readonly kind: "string"; readonly min?: number; readonly max: number; readonly exact?: boolean; readonly like?: RegExp }
  | { readonly kind: "one"; readonly of: readonly string[] }
  /** A text object. */
  | { readonly kind: "text"; readonly max: number; readonly plainOnly?: boolean }
  /** `unique`: a field that no two items share. */
  | { readonly kind: "list"; readonly of: Rule; readonly min?: number; readonly max: number; readonly unique?: string }
  | { readonly kind: "object"; readonly fields: Fields; readonly also?: Also }
  /** An object whose `type` says which rule holds. */
  | { readonly kind: "typed"; readonly types: Readonly<Record<string, Rule>> };

type Fields = Readonly<Record<string, Rule | Needed>>;
/** A field without which, or with an unusable one, the object makes no sense. */
export interface Needed {
  readonly needed: Rule;
  /** It may be left out. */
  readonly optional?: boolean;
}
/** A law about several fields: gives the object with it kept, or undefined where that cannot be; and a sentence when it was broken. */
export type Also = (object: Json) => { readonly fixed: Json | undefined; readonly problem?: string };

export type Json = Readonly<Record<string, unknown>>;

/** Notes a problem at a JSON pointer. */
export type Note = (pointer: string, problem: string) => void;

/** The value as Slack takes it: cut, or without what it would refuse; undefined where nothing of it is left. Notes each problem. */
export function fitted(value: unknown, rule: Rule, at: string, note: Note): unknown {
  switch (rule.kind) {
    case "any":
      return value;
    case "string":
      return fittedString(value, rule, at, note);
    case "one":
      return rule.of.some((known) => known === value) ? value : refuse(at, `must be one of ${rule.of.join(", ")}`, note);
    case "text":
      return fittedText(value, rule, at, note);
    case "list":
      return fittedList(value, rule, at, note);
    case "object":
      return fittedObject(value, rule, at, note);
    case "typed":
      return fittedTyped(value, rule, at, note);
  }
}

type Of<K extends Rule["kind"]> = Extract<Rule, { kind: K }>;

function refuse(at: string, problem: string, note: Note): undefined {
  note(at, problem);
  return undefined;
}

function fittedString(
  value: unknown,
  { min = 0, max, exact = false, like = /^/ }: Of<"string">,
  at: string,
  note: Note,
): unknown {
  if (typeof value !== "string") return refuse(at, "must be a string", note);
  if (value.length < min) return refuse(at, `must have at least ${min} characters`, note);
  if (!like.test(value)) return refuse(at, `must be like ${like}`, note);
  if (value.length <= max) return value;
  note(at, `must have at most ${max} characters, has ${value.length}`);
  return exact ? undefined : cutMrkdwn(value, max);
}

const textFields: Readonly<Record<string, readonly string[]>> = {
  plain_text: ["type", "text", "emoji"],
  mrkdwn: ["type", "text", "verbatim"],
};

function fittedText(value: unknown, { max, plainOnly = false }: Of<"text">, at: string, note: Note): unknown {
  const kind = isJson(value) && typeof value["type"] === "string" ? value["type"] : "";
  const known = textFields[kind];
  if (!isJson(value) || !known || (plainOnly && kind !== "plain_text"))
    return refuse(at, `must be ${plainOnly ? "plain text" : "a text"}`, note);
  const fields = Object.fromEntries(known.map((name) => [name, anything]));
  return fittedObject(
    value,
    { kind: "object", fields: { ...fields, text: { needed: { kind: "string", min: 1, max } } } },
    at,
    note,
  );
}

const anything: Rule = { kind: "any" };

function fittedList(value: unknown, { of, min = 0, max, unique }: Of<"list">, at: string, note: Note): unknown {
  if (!Array.isArray(value)) return refuse(at, "must be a list", note);
  if (value.length > max) note(at, `must have at most ${max} items, has ${value.length}`);
  const items = value
    .map((item: unknown, index) => fitted(item, of, `${at}/${index}`, note))
    .filter((item) => item !== undefined);
  const kept = (unique === undefined ? items : withoutRepeats(items, unique, at, note)).slice(0, max);
  return kept.length >= min ? kept : refuse(at, `must have at least ${min} items`, note);
}

function withoutRepeats(items: readonly unknown[], field: string, at: string, note: Note): unknown[] {
  const seen = new Set<unknown>();
  return items.flatMap((item, index) => {
    const { [field]: key, ...rest } = isJson(item) ? item : {};
    if (key === undefined || key === "" || !seen.has(key)) {
      seen.add(key);
      return [item];
    }
    note(`${at}/${index}`, `\`${field}\` must be another one each time`);
    // A block is worth something without its id; two options or buttons that say the same are one.
    return field === "block_id" ? [rest] : [];
  });
}

function fittedObject(value: unknown, { fields, also = asIs }: Of<"object">, at: string, note: Note): unknown {
  if (!isJson(value)) return refuse(at, "must be an object", note);
  for (const name of Object.keys(value)) if (!Object.hasOwn(fields, name)) note(at, `knows no field "${name}"`);
  const fits = Object.entries(fields).map(([name, field]) => ({
    name,
    ...fittedField(value[name], field, `${at}/${name}`, note),
  }));
  if (fits.some(({ isFatal }) => isFatal)) return undefined;
  const kept = fits.filter(({ fit }) => fit !== undefined).map(({ name, fit }) => [name, fit]);
  const { fixed, problem } = also(Object.fromEntries(kept));
  if (problem !== undefined) note(at, problem);
  return fixed;
}

const asIs: Also = (object) => ({ fixed: object });

/** `isFatal`: without this one the object makes no sense. */
function fittedField(given: unknown, field: Rule | Needed, at: string, note: Note): { fit?: unknown; isFatal: boolean } {
  const needed = "needed" in field ? field : undefined;
  if (given === undefined) {
    const isMissing = needed !== undefined && !needed.optional;
    if (isMissing) note(at, "is needed");
    return { isFatal: isMissing };
  }
  const fit = fitted(given, "needed" in field ? field.needed : field, at, note);
  return { fit, isFatal: needed !== undefined && fit === undefined };
}

function fittedTyped(value: unknown, { types }: Of<"typed">, at: string, note: Note): unknown {
  const type = isJson(value) && typeof value["type"] === "string" ? value["type"] : "";
  const rule = Object.hasOwn(types, type) ? types[type] : undefined;
  return rule ? fitted(value, rule, at, note) : refuse(at, `must not be of the type "${type.slice(0, 40)}"`, note);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
