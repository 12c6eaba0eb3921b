import { z } from "zod";
import { type Callee, type TellSettings, severities } from "#domain/told.ts";
import { plainOwner } from "#analysis/route.ts";

const slackPerson = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, "must be a Slack user id (U...) or user group id (S...)");
/** A channel's id. */
export const channelId = z.string().regex(/^[CG][A-Z0-9]{2,}$/, "must be a Slack channel id such as C012ABCDEF");
const pagerDutyId = z.string().regex(/^[A-Z0-9]{4,40}$/, "must be an id of PagerDuty such as PABC123");
const level = z.number().int().min(1).max(20);

const callees =
  "must be a Slack user id (U...), a user group id (S...), or one schedule: pagerduty: <schedule id>, pagerdutyPolicy: <escalation policy id> (both may have level: <number>), or opsgenie: <schedule name or id>";
const calleeSchema = z.union(
  [
    slackPerson.transform((id): Callee => ({ kind: "slack", id })),
    z
      .strictObject({ pagerduty: pagerDutyId, level: level.optional() })
      .transform(({ pagerduty, level }): Callee => ({ kind: "pagerduty", schedule: pagerduty, ...(level && { level }) })),
    z
      .strictObject({ pagerdutyPolicy: pagerDutyId, level: level.default(1) })
      .transform(({ pagerdutyPolicy, level }): Callee => ({ kind: "pagerduty", policy: pagerdutyPolicy, level })),
    z
      .strictObject({ opsgenie: z.string().trim().min(1).max(200) })
      .transform(({ opsgenie }): Callee => ({ kind: "opsgenie", schedule: opsgenie })),
  ],
  { error: callees },
);
/** Who is called. */
export const calleesSchema = z.array(calleeSchema).max(20);

const name = z.string().trim().min(1).max(253);
const globs = z.array(name).min(1);

const routeSchema = z.strictObject({
  name: name.describe("How the route is called in answers"),
  clusters: globs.default(["*"]),
  namespaces: globs.default(["*"]),
  workloads: globs.default(["*"]),
  teams: globs
    .optional()
    .describe(
      "Teams: the annotation k8s-why.dev/owner, else who owns its paths by CODEOWNERS; without it of any team, or of none",
    ),
  severities: z
    .array(z.enum(severities))
    .min(1)
    .default([...severities])
    .describe("low, medium or high"),
  channel: channelId.describe("Channel for incidents that fit"),
  onCall: calleesSchema.optional().describe("Who is called; without it as slack.onCall"),
  escalation: calleesSchema.optional().describe("Who is next; without it as slack.escalation"),
});

/** Channels by what an incident is about. */
export const routesSchema = z
  .array(routeSchema)
  .max(200)
  .default([])
  .describe("Other channels; the first route that fits decides");

/** Who people are in Slack. */
export const peopleSchema = z
  .record(name, z.string().regex(/^[UW][A-Z0-9]{2,}$/, "must be a Slack user id such as U012ABCDEF"))
  .default({})
  .describe("GitHub logins and addresses of commits, and whose Slack user ids they are");

/** Who owners are in Slack. */
export const ownersSchema = z
  .record(name, z.string().regex(/^[UWSCG][A-Z0-9]{2,}$/, "must be the Slack id of a user group, channel or user"))
  .default({})
  .describe("Owners as CODEOWNERS writes them, and their Slack user groups, channels or user ids");

interface Settings {
  readonly channel: string;
  readonly routes: z.infer<typeof routesSchema>;
  readonly onCall: readonly Callee[];
  readonly escalation: readonly Callee[];
  readonly people: Readonly<Record<string, string>>;
  readonly owners: Readonly<Record<string, string>>;
  readonly mostMentions: number;
}

/** What the configuration says of who is told. */
export function tellSettingsOf({ routes, channel, onCall, escalation, people, owners, mostMentions }: Settings): TellSettings {
  const lower = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).map(([key, id]) => [plainOwner(key), id]));
  return {
    routes: routes.map(({ teams, onCall, escalation, ...route }) => ({
      ...route,
      ...(teams && { teams }),
      ...(onCall && { onCall }),
      ...(escalation && { escalation }),
    })),
    channel,
    onCall,
    escalation,
    people: lower(people),
    owners: lower(owners),
    mostCalls: mostMentions,
  };
}

/** Schedules that are named, and the token that asking them takes. */
export function missingTokens(
  slack: Settings,
  tokens: { readonly PAGERDUTY_TOKEN?: string | undefined; readonly OPSGENIE_API_KEY?: string | undefined },
): string[] {
  const { routes, onCall, escalation } = slack;
  const lists = [onCall, escalation, ...routes.flatMap((route) => [route.onCall ?? [], route.escalation ?? []])];
  const kinds = new Set(lists.flat().map(({ kind }) => kind));
  return [
    ...(kinds.has("pagerduty") && !tokens.PAGERDUTY_TOKEN
      ? ["PAGERDUTY_TOKEN is missing: the configuration names a schedule of PagerDuty."]
      : []),
    ...(kinds.has("opsgenie") && !tokens.OPSGENIE_API_KEY
      ? ["OPSGENIE_API_KEY is missing: the configuration names a schedule of Opsgenie."]
      : []),
  ];
}
