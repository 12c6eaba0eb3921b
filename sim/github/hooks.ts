import { createHmac, randomUUID } from "node:crypto";
import type { Delivery } from "./types.ts";

/** Where pushes are sent, and the secret that signs them. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** GitHub's own record of what it delivered. */
export interface Hooks {
  readonly deliveries: readonly Delivery[];
  /** Where deliveries go from now on. */
  pointAt(webhook: Webhook): void;
  /** One attempt and no more, as GitHub does. With `lost`, nobody hears it. */
  deliver(
    event: string,
    payload: string,
    options?: { readonly guid?: string; readonly redelivery?: boolean; readonly lost?: boolean },
  ): Promise<Delivery>;
}

/** GitHub hangs up after 10 s. */
const timeoutMs = 10_000;

/** Signs and posts webhooks; a failed one is kept and not repeated. */
export function createHooks(first: Webhook | undefined): Hooks {
  let webhook = first;
  const deliveries: Delivery[] = [];
  return {
    deliveries,
    pointAt: (next) => {
      webhook = next;
    },
    async deliver(event, payload, options = {}) {
      const guid = options.guid ?? randomUUID();
      const started = Date.now();
      const statusCode = webhook && !options.lost ? await post(webhook, event, guid, payload) : 0;
      const delivery: Delivery = {
        id: deliveries.length + 1,
        guid,
        event,
        redelivery: options.redelivery ?? false,
        deliveredAt: started,
        durationSeconds: (Date.now() - started) / 1000,
        statusCode,
        payload,
      };
      deliveries.push(delivery);
      return delivery;
    },
  };
}

/** The value of X-Hub-Signature-256. */
export function sign(secret: string, payload: string): string {
  return `sha256=${createHmac("sha256", secret).update(payload).digest("hex")}`;
}

async function post(webhook: Webhook, event: string, guid: string, payload: string): Promise<number> {
  const headers = {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/local",
    accept: "*/*",
    "x-github-delivery": guid,
    "x-github-event": event,
    "x-github-hook-id": "1",
    "x-github-hook-installation-target-type": "repository",
    "x-hub-signature-256": sign(webhook.secret, payload),
  };
  try {
    const response = await fetch(webhook.url, { method: "POST", headers, body: payload, signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
