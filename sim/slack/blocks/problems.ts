import { isJson } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";

/** Collects what is wrong with blocks, in Slack's own wording. */
export class Problems {
  readonly messages: string[] = [];

  /** Adds a sentence about the value at a JSON pointer. */
  add(pointer: string, sentence: string): void {
    this.messages.push(`[ERROR] ${sentence} [json-pointer:${pointer}]`);
  }

  /** An object with a field, or a problem. */
  requireField(value: Json, field: string, pointer: string): boolean {
    if (value[field] !== undefined && value[field] !== null) return true;
    this.add(pointer, `missing required field: ${field}`);
    return false;
  }

  /** A text of a bounded length; nothing is said when it is left out. */
  checkLength(value: unknown, pointer: string, limits: { min?: number; max: number }): void {
    if (value === undefined || value === null) return;
    if (typeof value !== "string") return this.add(pointer, "must be a string");
    if (value.length < (limits.min ?? 0)) this.add(pointer, `must be more than ${(limits.min ?? 0) - 1} characters`);
    if (value.length > limits.max) this.add(pointer, `must be less than ${limits.max + 1} characters`);
  }

  /** A list of a bounded length; answers its items, none when it is not a list. */
  checkList(value: unknown, pointer: string, limits: { min?: number; max: number }): readonly unknown[] {
    if (!Array.isArray(value)) {
      this.add(pointer, "must be an array");
      return [];
    }
    if (value.length > limits.max) this.add(pointer, `no more than ${limits.max} items allowed`);
    if (value.length < (limits.min ?? 0)) this.add(pointer, `no fewer than ${limits.min} items allowed`);
    return value;
  }

  /** An object, or a problem. */
  checkObject(value: unknown, pointer: string): value is Json {
    if (isJson(value)) return true;
    this.add(pointer, "must provide an object");
    return false;
  }

  /** Fields beyond those that a type knows are refused, as Slack refuses them. */
  checkKnown(value: Json, known: readonly string[], pointer: string): void {
    for (const field of Object.keys(value)) {
      if (!known.includes(field)) this.add(pointer, `invalid additional property: ${field}`);
    }
  }
}
