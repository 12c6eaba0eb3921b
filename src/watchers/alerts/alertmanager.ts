import { z } from "zod";
import type { Alert } from "#domain/spike.ts";
import { cut, pairsOf } from "./read.ts";

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

/** One for each alert of the group; throws on another shape. */
export function parseAlertmanagerAlerts(json: unknown, now: number): Alert[] {
  return alertmanagerSchema.parse(json).alerts.map(({ status, labels, annotations, startsAt, fingerprint, generatorURL }) => {
    const said = pairsOf(Object.entries(labels).map(([key, value]) => `${key}:${value}`));
    const at = Date.parse(startsAt);
    const name = labels["alertname"] ?? "alert";
    const workload = said.get("deployment") ?? said.get("workload") ?? said.get("service");
    return {
      id: `alertmanager/${fingerprint ?? cut(`${name}/${said.get("namespace") ?? ""}/${workload ?? ""}`, 200)}/${startsAt.slice(0, 30)}`,
      source: "alertmanager",
      at: Number.isNaN(at) ? now : at,
      status: status === "firing" ? "open" : "closed",
      message: cut(annotations["summary"] ?? annotations["description"] ?? name, 1_000),
      ...(said.has("namespace") && { namespace: said.get("namespace") }),
      ...(workload && { workload }),
      ...(generatorURL?.startsWith("http") && { url: cut(generatorURL, 1_000) }),
    };
  });
}
