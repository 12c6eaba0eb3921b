import type { DirectNews, QuietMouth } from "#domain/ports/quiet.ts";
import type { Identity } from "./identity.ts";
import type { OutboxPort } from "#domain/ports/outbox.ts";
import { addressIn } from "./threads.ts";
import { renderDirect } from "./cards/direct.ts";
import { renderStorm, renderStormCall } from "./cards/storm.ts";

/** Says what concerns many incidents, or one person. */
export function createQuietMouth(options: {
  readonly outbox: OutboxPort;
  readonly identity: Pick<Identity, "ready" | "workspaceUrl">;
  /** Where people read the workspace, when it is not the address that Slack gives. */
  readonly uiUrl?: string | undefined;
}): QuietMouth {
  const { outbox, identity, uiUrl } = options;
  return {
    sayStorm: async (view, now) => {
      await outbox.say({ about: view.id, part: "storm", channel: view.channel, card: renderStorm(view, now) });
    },
    sayStormCall: async (view, urgent, onCall) => {
      const card = renderStormCall(urgent, onCall);
      await outbox.say({ about: view.id, part: "urgent", channel: view.channel, thread: "storm", card, once: true });
    },
    sayDirect: async (user, news, now) => {
      // The workspace's address is known once Slack has said who we are.
      await identity.ready();
      const base = uiUrl ?? identity.workspaceUrl();
      const card = renderDirect(news, now, (ref) => addressIn(base, ref));
      await outbox.say({ ...keyOf(user, news), channel: user, card, once: true });
    },
  };
}

/** The natural key: what is said to somebody of the same thing is seen once. */
function keyOf(user: string, news: DirectNews): { readonly about: string; readonly part: string } {
  switch (news.kind) {
    case "opened":
    case "settled":
      return { about: news.about.incident.id, part: `direct/${user}/${news.kind}` };
    case "storm":
      return { about: news.storm.id, part: `direct/${user}` };
    case "digest":
      return { about: `digest-${user}`, part: String(news.until) };
  }
}
