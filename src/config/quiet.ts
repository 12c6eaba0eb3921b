import { z } from "zod";
import type { QuietHours } from "#domain/quiet.ts";
import type { StormSettings } from "#domain/storm.ts";

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const clock = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "22:00"');

/** `slack.quietHours`: when what can wait calls nobody. */
export const quietHoursSchema = z
  .strictObject({
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as "Europe/Berlin"')
      .describe("IANA name of the time zone that the times are of"),
    from: clock.describe("When they begin"),
    to: clock.describe("When they end; on the next day where it is not after `from`"),
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays])
      .describe("Days on which they begin; default: every day"),
  })
  .refine(({ from, to }) => minutesOf(from) !== minutesOf(to), "must end at another time than they begin");

/** `slack.storm`: when many incidents become one message. */
export const stormSchema = z.strictObject({
  incidents: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe("More incidents than this in a channel within `minutes` become one message; 0: never; default 5"),
  minutes: z.number().min(1).max(120).default(10).describe("Minutes within which they are counted; default 10"),
  waitSeconds: z
    .number()
    .min(0)
    .max(60)
    .default(20)
    .describe("Seconds that a first message waits for others to come with it; default 20"),
});

/** As the program uses them; undefined: there are none. */
export function quietHoursOf(file: z.infer<typeof quietHoursSchema> | undefined): QuietHours | undefined {
  if (!file) return undefined;
  const days = file.days.map((day) => weekdays.indexOf(day));
  return { timeZone: file.timeZone, from: minutesOf(file.from), to: minutesOf(file.to), days };
}

/** As the program uses them; undefined: never. */
export function stormOf({ incidents, minutes, waitSeconds }: z.infer<typeof stormSchema>): StormSettings | undefined {
  return incidents === 0 ? undefined : { incidents, windowMs: minutes * 60_000, waitMs: waitSeconds * 1_000 };
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
