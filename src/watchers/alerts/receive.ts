import type { IncomingHttpHeaders } from "node:http";
import type { Alert } from "#domain/spike.ts";
import type { Instant } from "#domain/workload.ts";
import { isSameSecret } from "#lib/same-secret.ts";
import { parseAlertmanagerAlerts } from "./alertmanager.ts";
import { parseOpsgenieAlert } from "./opsgenie.ts";

export interface AlertReceiverOptions {
  readonly source: Alert["source"];
  /** Absent: the door is closed. */
  readonly secret: string | undefined;
  /** Resolves once the alerts are safe. */
  readonly accept: (alerts: readonly Alert[]) => Promise<void>;
  readonly now: () => Instant;
}

type Receive = (headers: IncomingHttpHeaders, url: URL, body: Buffer) => Promise<{ status: number; text: string }>;

/** Takes alerts from a sender that knows the shared secret: `Authorization: Bearer ...`, or `?secret=...` for senders without headers. */
export function createAlertReceiver({ source, secret, accept, now }: AlertReceiverOptions): Receive {
  return async (headers, url, body) => {
    if (!secret) return { status: 404, text: "Alerts are not taken here: ALERTS_SECRET is not set." };
    if (!isSameSecret(givenSecret(headers, url), secret)) return { status: 401, text: "The shared secret is missing or wrong." };
    const alerts = parseAlerts(source, body, now());
    if (!alerts)
      return { status: 400, text: `This is no alert as ${source === "opsgenie" ? "Opsgenie" : "Alertmanager"} sends it.` };
    try {
      await accept(alerts);
    } catch {
      return { status: 503, text: "It cannot be kept now. Please send it again." };
    }
    return { status: 202, text: "Accepted." };
  };
}

function givenSecret(headers: IncomingHttpHeaders, url: URL): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? url.searchParams.get("secret") ?? "";
}

function parseAlerts(source: Alert["source"], body: Buffer, now: Instant): readonly Alert[] | undefined {
  try {
    const json: unknown = JSON.parse(body.toString("utf8"));
    return source === "opsgenie" ? parseOpsgenieAlert(json, now) : parseAlertmanagerAlerts(json, now);
  } catch {
    return undefined;
  }
}
