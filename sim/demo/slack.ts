import { channel } from "./cast.ts";
import { grantedScopes } from "./manifest.ts";
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from "#sim/slack/local-slack.ts";

interface StorySlack extends Pick<LocalSlackOptions, "clock" | "users" | "takesCharts"> {
  readonly secrets: { readonly signing: string; readonly bot: string };
  /** Beside the one in which the program speaks. */
  readonly channels?: LocalSlackOptions["channels"];
}

/** Starts the Slack of a story, with the scopes that the app's manifest asks for. */
export async function startStorySlack({ channels = [], secrets, ...options }: StorySlack): Promise<LocalSlack> {
  return await startLocalSlack({
    ...options,
    channels: [{ id: channel, name: "incidents", topic: "What k8s-why says" }, ...channels],
    scopes: grantedScopes(),
    signingSecret: secrets.signing,
    botToken: secrets.bot,
  });
}
