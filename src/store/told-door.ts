import { z } from "zod";
import { type Told, severities } from "#domain/told.ts";
import { type Reader, readerOf } from "./door.ts";

const named = z.looseObject({ id: z.string().optional(), name: z.string() });
const callees = z.array(z.looseObject({ kind: z.enum(["slack", "pagerduty", "opsgenie"]) }));

export const readTold: Reader<Told> = readerOf(
  "who is told",
  z.looseObject({
    channel: z.string().min(1),
    severity: z.enum(severities),
    onCall: z.array(named),
    owners: z.array(named),
    author: named.extend({ suspect: z.string() }).optional(),
    later: z.looseObject({ onCall: callees, escalation: callees }),
  }),
);
