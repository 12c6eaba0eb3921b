import { z } from "zod";
import type { Alert } from "#domain/spike.ts";
import { cut, isName, pairsOf, placeOf } from "./read.ts";

const text = z.string().max(100_000);

/** Opsgenie's webhook, which Jira Service Management sends too (https://support.atlassian.com/opsgenie/docs/integrate-opsgenie-with-webhook/). */
const opsgenieSchema = z.object({
  action: text,
  alert: z.object({
    alertId: text,
    message: text,
    createdAt: z.number().optional(),
    updatedAt: z.number().optional(),
    tags: z.array(text).max(200).optional(),
    entity: text.optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    url: text.optional(),
  }),
});

const closing = new Set(["Close", "Delete", "Resolve"]);

/** One alert; throws on another shape. `createdAt` is milliseconds or, in older payloads, nanoseconds. */
export function parseOpsgenieAlert(json: unknown, now: number): Alert[] {
  const { action, alert } = opsgenieSchema.parse(json);
  const said = pairsOf([
    ...(alert.tags ?? []),
    ...Object.entries(alert.details ?? {}).map(([key, value]) => `${key}:${String(value)}`),
  ]);
  const [namespace, workload] = nameOf(alert.entity, said);
  return [
    {
      id: `opsgenie/${cut(alert.alertId, 200)}`,
      source: "opsgenie",
      at: toMilliseconds(alert.createdAt) ?? now,
      status: closing.has(action) ? "closed" : "open",
      message: cut(alert.message, 1_000),
      ...(namespace && { namespace }),
      ...(workload && { workload }),
      ...(alert.url?.startsWith("https://") && { url: cut(alert.url, 1_000) }),
    },
  ];
}

/** From `namespace:` and `deployment:` tags or details, else from an entity written `namespace/name` or `name`. */
function nameOf(
  entity: string | undefined,
  said: ReadonlyMap<string, string>,
): readonly [string | undefined, string | undefined] {
  const place = placeOf(said);
  const parts = (entity?.split("/") ?? []).filter(isName);
  return [place.namespace ?? (parts.length === 2 ? parts[0] : undefined), place.workload ?? parts.at(-1)];
}

function toMilliseconds(at: number | undefined): number | undefined {
  if (at === undefined || !Number.isFinite(at) || at <= 0) return undefined;
  return at > 1e16 ? Math.round(at / 1e6) : at;
}
