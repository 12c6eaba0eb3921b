import { z } from "zod";

const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be a Slack user id such as U012ABCDEF");
const slackPerson = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, "must be a Slack user id (U...) or user group id (S...)");

/** The part `slack` of the configuration. */
export const slackSchema = z.strictObject({
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,}$/, "must be a Slack channel id such as C012ABCDEF")
    .describe("Channel for incidents (its id, not its name)"),
  approvers: z
    .array(slackUser)
    .default([])
    .describe("Slack user ids that may do everything, everywhere: the short form of a rule"),
  onCall: z.array(slackPerson).default([]).describe("Slack user or user group ids mentioned once when an incident opens"),
  escalation: z
    .array(slackPerson)
    .default([])
    .describe("Slack user or user group ids mentioned when a step that was done has not helped; without them who is on call"),
  administrators: z
    .array(slackUser)
    .max(20)
    .default([])
    .describe("Slack user ids told by DM, once each, when Slack takes a message no more: an archived channel, a removed app"),
});
