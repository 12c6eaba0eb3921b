import { InputError } from "./input.ts";

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** `90m`, `72h`, `3d`, `2w` in milliseconds; throws InputError, also where it is longer than `longestDays`. */
export function parseSpan(text: string, longestDays = Infinity): number {
  const [, number = "", unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)\s*([mhdw])$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (units[unit as keyof typeof units] ?? Number.NaN);
  if (ms > longestDays * units.d) throw new InputError(`The span "${text}" is too long: expected at most ${longestDays}d.`);
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new InputError(`Cannot read the span "${text}": expected a number and m, h, d or w, such as 72h or 3d.`);
}
