import { z } from "zod";
import { calleesSchema, channelId, ownersSchema, peopleSchema, routesSchema } from "./tell.ts";
import { quietHoursSchema, stormSchema } from "./quiet.ts";

const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be a Slack user id such as U012ABCDEF");

/** The part `slack` of the configuration. */
export const slackSchema = z.strictObject({
  channel: channelId.describe("Channel for incidents (its id, not its name)"),
  routes: routesSchema,
  approvers: z
    .array(slackUser)
    .default([])
    .describe("Slack user ids that may do everything, everywhere: the short form of a rule"),
  onCall: calleesSchema.default([]).describe("Who is mentioned once when an incident opens: Slack ids, or schedules"),
  escalation: calleesSchema
    .default([])
    .describe("Who is mentioned when a step that was done has not helped; without them who is on call"),
  people: peopleSchema,
  owners: ownersSchema,
  mostMentions: z
    .number()
    .int()
    .min(0)
    .max(50)
    .default(8)
    .describe("People and user groups that one message mentions at most; default 8"),
  administrators: z
    .array(slackUser)
    .max(20)
    .default([])
    .describe("Slack user ids told by DM, once each, when Slack takes a message no more: an archived channel, a removed app"),
  chart: z
    .enum(["auto", "block", "picture"])
    .default("auto")
    .describe("What headlines show: Slack's own chart, or the picture where the workspace takes none (auto); only one of them"),
  quietHours: quietHoursSchema
    .optional()
    .describe("When incidents that can wait call nobody, and direct messages wait; default: never"),
  storm: stormSchema.prefault({}).describe("When many incidents become one message"),
});
