export type { LocalSlack } from "#sim/slack/local-slack.ts";
export type { Json, Message, SlackChannel, SlackFile, SlackUser, View } from "#sim/slack/types.ts";
