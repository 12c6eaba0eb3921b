import type { OnCallPort, OwnersPort } from "#domain/ports/told.ts";
import { CHANNEL, type Stage, startStage } from "./bot-app.ts";
import type { BotOptions } from "#bot/bot.ts";
import type { LocalSlackOptions } from "#sim/slack/local-slack.ts";
import type { Log } from "#lib/log.ts";
import type { TellSettings } from "#domain/told.ts";
import { createTell } from "#workflow/tell.ts";
import { silentLog } from "#lib/log.ts";

/** What a test says of who is told; the rest is empty. */
export interface Telling {
  readonly settings?: Partial<TellSettings>;
  readonly onCall?: OnCallPort["onCall"];
  readonly owners?: OwnersPort["owners"];
  readonly log?: Log;
  readonly bot?: Partial<BotOptions>;
  readonly slack?: Partial<LocalSlackOptions>;
}

/** Nothing is configured but one channel. */
export const bareSettings: TellSettings = {
  routes: [],
  channel: CHANNEL,
  onCall: [],
  escalation: [],
  people: {},
  owners: {},
  mostCalls: 8,
};

/** A stage whose incidents are told to people: the workflow that decides it stands between the real store and the real bot. */
export function startTellStage(telling: Telling = {}): Promise<Stage> {
  const { onCall = async () => [], owners = async () => [], log = silentLog } = telling;
  const tell = (store: Stage["store"]): BotOptions["tell"] => {
    return (people) =>
      createTell({ verbs: { ...store, onCall, owners }, settings: { ...bareSettings, ...telling.settings }, people, log });
  };
  return startStage((store) => ({ tell: tell(store), ...telling.bot }), telling.slack);
}
