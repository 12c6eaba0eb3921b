import { type CallSlack, slackReason } from "./web-client.ts";
import type { Log } from "#lib/log.ts";
import type { View } from "./blocks.ts";
import { fittedView } from "./limits/fitted.ts";

/** Words for "the person has closed it meanwhile", and for "it shows something newer than `hash`". */
const passed = new Set(["not_found", "view_not_found", "hash_conflict"]);

/** Fills a modal; one that was closed meanwhile needs nothing. With `hash`, only one that still shows what had that hash. */
export async function showView(call: CallSlack, log: Log, viewId: string, view: View, hash?: string): Promise<void> {
  try {
    await call("fill a modal", (client) =>
      client.views.update({ view_id: viewId, view: fittedView(view, log), ...(hash === undefined ? {} : { hash }) }),
    );
  } catch (error) {
    if (!passed.has(slackReason(error) ?? "")) throw error;
    log.debug({ viewId }, "The modal was closed or filled before");
  }
}
