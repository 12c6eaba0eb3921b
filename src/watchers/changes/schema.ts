import { z } from "zod";

const kubeName = String.raw`[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?`;
const maxTitle = 300;

/** One line: foreign text comes with line breaks, tabs and control characters. */
function line(most: number) {
  return z
    .string()
    .transform((text) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim())
    .pipe(z.string().min(1, "must not be empty").max(most, `must be at most ${most} characters`));
}

/** `./services/cart/` and `/services/cart` are the same place. */
const path = line(500).transform((text) => text.replace(/^(?:\.?\/+)+/, ""));

const rfc3339 = z.iso.datetime({ offset: true });

/** Milliseconds: RFC 3339 with a time zone, or the number itself. */
const moment = z
  .unknown()
  .transform((at) => (typeof at === "number" ? at : Date.parse(rfc3339.safeParse(at).data ?? "")))
  .refine(Number.isInteger, 'must be a time with its zone, such as "2026-03-02T12:00:00Z", or milliseconds since 1970');

/** One change as a sender writes it. Unknown fields are refused: a typo must not pass for a fact. */
const reportSchema = z.strictObject({
  id: line(200).describe("Natural id: the same change has the same id however often it is sent"),
  what: z
    .enum(["flag", "migration", "config", "deployment", "ci", "other"], {
      error: 'must be "flag", "migration", "config", "deployment", "ci" or "other"',
    })
    .default("other"),
  title: line(maxTitle),
  at: moment.optional(),
  by: line(100).optional(),
  url: z
    .string()
    .max(1_000)
    .regex(/^https?:\/\/[^\s<>|]+$/, "must be a link that starts with http:// or https://")
    .optional(),
  workloads: z
    .array(
      z
        .string()
        .regex(
          new RegExp(`^(${kubeName}/)?${kubeName}/${kubeName}$`),
          'must be written "namespace/name" or "cluster/namespace/name"',
        ),
    )
    .max(50)
    .default([]),
  repository: z
    .string()
    .regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, 'must be written "owner/name"')
    .optional(),
  paths: z.array(path).max(100).default([]),
});

export type Report = z.infer<typeof reportSchema>;

/** Changes in one request. */
const maxReports = 500;
export const reportsSchema = z
  .array(reportSchema)
  .min(1, "must hold at least one change")
  .max(maxReports, `must hold at most ${maxReports} changes`);
