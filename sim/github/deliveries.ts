import { notFound, ok, type Answer } from "./answer.ts";
import { cutPage } from "./paging.ts";
import { sign, type Hooks } from "./hooks.ts";
import { idOf } from "./shapes.ts";
import type { Delivery } from "./types.ts";

/** Answers below `/repos/{owner}/{repo}/hooks/{id}/deliveries`; POST to attempts redelivers under the same GUID. */
export async function answerDeliveries(
  hooks: Hooks,
  method: string,
  path: string,
  url: URL,
  repository: string,
): Promise<Answer> {
  const [id = "", attempts] = path.split("/").filter(Boolean);
  if (!id && method === "GET") {
    const page = cutPage(hooks.deliveries.toReversed(), url, { default: 30, most: 100 });
    return ok(
      page.items.map((delivery) => toItem(delivery, repository)),
      page.link,
    );
  }
  const found = hooks.deliveries.find((delivery) => String(delivery.id) === id);
  if (!found) return notFound();
  if (method === "GET" && !attempts) return ok(toDetail(found, repository));
  if (method !== "POST" || attempts !== "attempts") return notFound();
  await hooks.deliver(found.event, found.payload, { guid: found.guid, redelivery: true });
  return { status: 202, body: {} };
}

function toItem(delivery: Delivery, repository: string) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.deliveredAt).toISOString(),
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.statusCode === 0 ? "failed to connect to host" : delivery.statusCode < 300 ? "OK" : "Invalid HTTP Response",
    status_code: delivery.statusCode,
    event: delivery.event,
    action: null,
    installation_id: 1,
    repository_id: idOf(repository),
    throttled_at: null,
  };
}

function toDetail(delivery: Delivery, repository: string) {
  const headers = {
    "X-GitHub-Delivery": delivery.guid,
    "X-GitHub-Event": delivery.event,
    "X-Hub-Signature-256": sign("", delivery.payload),
  };
  return {
    ...toItem(delivery, repository),
    request: { headers, payload: JSON.parse(delivery.payload) as unknown },
    response: { headers: {}, payload: "" },
  };
}
