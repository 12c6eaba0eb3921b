import type { QuietHours } from "#domain/quiet.ts";

/** What a person typed after `quiet`, or a sentence about what is wrong. */
export type QuietText = { readonly quiet: QuietHours | "off" } | { readonly show: true } | { readonly problem: string };

const shape = /^([01]?\d|2[0-4])(?::([0-5]\d))?\s*(?:-|–|to|until)\s*([01]?\d|2[0-4])(?::([0-5]\d))?$/i;
const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** Reads `22:00-7:00` (times of day in `timeZone`, every day) and `off`; nothing: they want to see what holds. */
export function parseQuiet(text: string, timeZone: string): QuietText {
  if (text === "") return { show: true };
  if (/^off$/i.test(text)) return { quiet: "off" };
  const [, fromHour, fromMinute = "0", toHour, toMinute = "0"] = shape.exec(text) ?? [];
  const from = (Number(fromHour) * 60 + Number(fromMinute)) % 1_440;
  const to = (Number(toHour) * 60 + Number(toMinute)) % 1_440;
  if (fromHour === undefined || from === to) return { problem: "Say it like this: `quiet 22:00-7:00`, or `quiet off`." };
  return { quiet: { timeZone, from, to, days: everyDay } };
}
