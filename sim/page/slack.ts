export type { LocalSlack } from "#sim/slack/local-slack.ts";
export type { Json, Message, SlackUser, View } from "#sim/slack/types.ts";
