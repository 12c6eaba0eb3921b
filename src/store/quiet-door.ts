import { z } from "zod";
import type { Follower, Silence, Waiting } from "#domain/quiet.ts";
import type { Weather } from "#domain/storm.ts";
import { type Reader, readerOf } from "./door.ts";

const minutes = z.number().int().min(0).max(1_440);
const quiet = z.looseObject({
  timeZone: z.string(),
  from: minutes,
  to: minutes,
  days: z.array(z.number().int().min(0).max(6)),
});

export const readSilence: Reader<Silence> = readerOf(
  "silence",
  z.looseObject({ pattern: z.string().min(1), from: z.number(), until: z.number(), by: z.string(), reason: z.string() }),
);
export const readFollower: Reader<Follower> = readerOf(
  "subscriptions of a person",
  z.looseObject({ user: z.string().min(1), patterns: z.array(z.string()), quiet: z.union([quiet, z.literal("off")]).optional() }),
);
export const readWaiting: Reader<Waiting> = readerOf(
  "direct message that waits",
  z.looseObject({ incidentId: z.string().min(1), what: z.enum(["opened", "settled"]), at: z.number() }),
);
export const readWeather: Reader<Weather> = readerOf(
  "storm",
  z.looseObject({
    arrivals: z.array(z.looseObject({ id: z.string(), at: z.number() })),
    storm: z
      .looseObject({
        id: z.string().min(1),
        startedAt: z.number(),
        incidents: z.array(z.string()),
      })
      .optional(),
  }),
);
