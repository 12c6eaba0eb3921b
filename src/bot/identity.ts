import type { CallSlack } from "./web-client.ts";
import type { Clock } from "#lib/clock.ts";
import { messageOf } from "#lib/errors.ts";

/** Who the app is in Slack. */
export interface Identity {
  /** Undefined when Slack knows our token, else a sentence. A yes is believed for a minute. */
  ready(): Promise<string | undefined>;
  /** Address of the workspace, once known. */
  workspaceUrl(): string | undefined;
  /** Our `bot_id`, once known: what others posted with our metadata is not ours. */
  botId(): Promise<string | undefined>;
}

/** Asks `auth.test`, when somebody wants to know. */
export function createIdentity(call: CallSlack, wall: Clock): Identity {
  let known: { url?: string; botId?: string } | undefined;
  let believedUntil = 0;
  const ask = async () => {
    const { url, bot_id: botId } = await call("sign in to Slack", (client) => client.auth.test());
    known = { ...(url === undefined ? {} : { url }), ...(botId === undefined ? {} : { botId }) };
    believedUntil = wall.now() + 60_000;
  };
  const ready = async () => {
    try {
      if (wall.now() >= believedUntil) await ask();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
  return {
    ready,
    workspaceUrl: () => known?.url,
    botId: async () => {
      if (known === undefined) await ready();
      return known?.botId;
    },
  };
}
