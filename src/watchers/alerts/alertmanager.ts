import { z } from "zod";
import type { Alert } from "#domain/spike.ts";
import { cut, pairsOf, placeOf } from "./read.ts";

const words = z.record(z.string(), z.string().max(100_000));

/** Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). */
const alertmanagerSchema = z.object({
  alerts: z
    .array(
      z.object({
        status: z.enum(["firing", "resolved"]),
        labels: words,
        annotations: words.default({}),
        startsAt: z.string(),
        fingerprint: z.string().max(200).optional(),
        generatorURL: z.string().max(100_000).optional(),
      }),
    )
    .max(1_000),
});

type Sent = z.infer<typeof alertmanagerSchema>["alerts"][number];

/** One for each alert of the group; throws on another shape. */
export function parseAlertmanagerAlerts(json: unknown, now: number): Alert[] {
  return alertmanagerSchema.parse(json).alerts.map((sent) => toAlert(sent, now));
}

function toAlert({ status, labels, annotations, startsAt, fingerprint, generatorURL }: Sent, now: number): Alert {
  const place = placeOf(pairsOf(Object.entries(labels).map(([key, value]) => `${key}:${value}`)));
  const at = Date.parse(startsAt);
  const name = labels["alertname"] ?? "alert";
  const key = fingerprint ?? cut([name, place.namespace, place.workload].join("/"), 200);
  return {
    id: `alertmanager/${key}/${startsAt.slice(0, 30)}`,
    source: "alertmanager",
    at: Number.isNaN(at) ? now : at,
    status: status === "firing" ? "open" : "closed",
    message: cut(annotations["summary"] ?? annotations["description"] ?? name, 1_000),
    ...place,
    url: /^https?:/.test(generatorURL ?? "") ? cut(generatorURL ?? "", 1_000) : undefined,
  };
}
