import { z } from "zod";
import type { LaneItem, LaneState, OutboxMessage, Shown } from "#domain/ports/outbox.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { type Reader, readerOf } from "./door.ts";

const ref = { channel: z.string().min(1), ts: z.string().min(1) };
const key = { about: z.string().min(1), part: z.string().min(1) };

export const readMessageRef: Reader<MessageRef> = readerOf("message", z.object(ref));

/** Older releases kept neither moment nor digest. */
export const readShown: Reader<Shown> = readerOf(
  "shown message",
  z.object({ ...ref, at: z.number().default(0), digest: z.string().default(""), gone: z.boolean().optional() }),
);
export const readOutboxMessage: Reader<OutboxMessage> = readerOf(
  "pending message",
  z.looseObject({
    ...key,
    channel: z.string().min(1),
    thread: z.string().optional(),
    card: z.looseObject({ text: z.string(), blocks: z.array(z.looseObject({})) }),
    once: z.boolean().optional(),
  }),
);
export const readLaneItem: Reader<LaneItem> = readerOf(
  "lane item",
  z.looseObject({
    ...key,
    kind: z.enum(["message", "sweep"]),
    thread: z.string().optional(),
    seq: z.number(),
    at: z.number(),
    shownAt: z.number().optional(),
    tried: z.boolean(),
    attempts: z.number(),
    notBefore: z.number(),
  }),
);
export const readLaneState: Reader<LaneState> = readerOf(
  "lane",
  z.looseObject({
    postsAt: z.number(),
    editsAt: z.number(),
    ill: z.object({ reason: z.string(), since: z.number(), probes: z.number(), probeAt: z.number() }).optional(),
  }),
);
