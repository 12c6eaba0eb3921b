import type { Random } from "./random.ts";

/** What Opsgenie's webhook integration posts when an alert is created; `at` in clock milliseconds. */
export function opsgenieAlert(
  random: Random,
  about: { namespace: string; service: string; at: number; what: string },
): Record<string, unknown> {
  const hex = (length: number) => Array.from({ length }, () => random.int(0, 15).toString(16)).join("");
  const id = `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}-${about.at}`;
  const createdAt = about.at;
  return {
    action: "Create",
    alert: {
      alertId: id,
      id,
      type: "alert",
      message: `[${about.namespace}/${about.service}] ${about.what}`,
      tags: ["kubernetes", `namespace:${about.namespace}`, `deployment:${about.service}`],
      tinyId: String(random.int(1_000, 9_999)),
      entity: `${about.namespace}/${about.service}`,
      alias: `${about.service}-${hex(6)}`,
      createdAt,
      updatedAt: createdAt * 1_000_000,
      username: "prometheus",
      userId: hex(8),
      description: `${about.what} for 5 minutes`,
      team: "platform",
      teams: ["platform"],
      responders: [{ id: hex(8), type: "team", name: "platform" }],
      actions: [],
      details: { namespace: about.namespace, deployment: about.service },
      priority: "P2",
      source: "prometheus",
    },
    source: { name: "prometheus", type: "API" },
    integrationName: "k8s-why",
    integrationId: `${hex(8)}-${hex(4)}`,
    integrationType: "Webhook",
  };
}
