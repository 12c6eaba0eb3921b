import { z } from "zod";
import type { OnCallPerson, OnCallPort } from "#domain/ports/told.ts";
import type { OpsgenieClient } from "#clients/oncall/opsgenie.ts";
import type { PagerDutyClient } from "#clients/oncall/pagerduty.ts";
import { createHeld } from "#lib/held.ts";

/** Shifts change on the minute; who asks again within it gets the same answer, and need not wait for a silence again. Wall milliseconds. */
const holdsMs = 60_000;
const silenceHoldsMs = 10_000;
const most = 500;
const text = z.string().max(1_000);

/** `GET /oncalls?include[]=users`: one entry a user, policy and level; a user without the right to be shown has no address. */
const pagerDutySchema = z.object({
  oncalls: z
    .array(
      z.object({
        escalation_level: z.number().int(),
        user: z.object({ name: text.nullish(), summary: text.nullish(), email: text.nullish() }),
      }),
    )
    .max(1_000),
});

/** `GET /v2/schedules/{id}/on-calls?flat=true`: user names, which are addresses. */
const opsgenieSchema = z.object({ data: z.object({ onCallRecipients: z.array(text).max(1_000).default([]) }) });

export interface OnCallOptions {
  /** Absent: no token, and nobody to ask. */
  readonly pagerDuty?: PagerDutyClient | undefined;
  readonly opsgenie?: OpsgenieClient | undefined;
  /** Wall time, ms. */
  readonly now: () => number;
}

/** Asks the schedules who is on call, each once a minute. */
export function createOnCallReader({ pagerDuty, opsgenie, now }: OnCallOptions): OnCallPort {
  const held = createHeld<readonly OnCallPerson[]>({ now, forMs: holdsMs, failureForMs: silenceHoldsMs, most });
  return {
    onCall: (schedule) =>
      held(JSON.stringify(schedule), async () =>
        schedule.kind === "opsgenie"
          ? readOpsgenie(opsgenie, schedule.schedule)
          : readPagerDuty(pagerDuty, schedule, schedule.level),
      ),
  };
}

async function readPagerDuty(
  client: PagerDutyClient | undefined,
  query: Parameters<PagerDutyClient["onCalls"]>[0],
  level: number | undefined,
): Promise<readonly OnCallPerson[]> {
  if (!client) throw new Error("Cannot ask PagerDuty who is on call: PAGERDUTY_TOKEN is not set");
  const { oncalls } = parse("PagerDuty", pagerDutySchema, await client.onCalls(query));
  const people = oncalls
    .filter((entry) => level === undefined || entry.escalation_level === level)
    .toSorted((a, b) => a.escalation_level - b.escalation_level)
    .map(({ user }) => personOf(user.name ?? user.summary, user.email));
  return unique(people);
}

async function readOpsgenie(client: OpsgenieClient | undefined, schedule: string): Promise<readonly OnCallPerson[]> {
  if (!client) throw new Error("Cannot ask Opsgenie who is on call: OPSGENIE_API_KEY is not set");
  const { data } = parse("Opsgenie", opsgenieSchema, await client.onCalls(schedule));
  return unique(data.onCallRecipients.map((recipient) => personOf(undefined, recipient)));
}

function parse<T>(who: string, schema: z.ZodType<T>, data: unknown): T {
  const { data: parsed, error } = schema.safeParse(data);
  const [issue] = error?.issues ?? [];
  if (parsed === undefined) throw new Error(`Cannot read the answer of ${who}: ${issue?.path.join(".")}: ${issue?.message}`);
  return parsed;
}

function personOf(name: string | null | undefined, email: string | null | undefined): OnCallPerson {
  return { ...(name && { name }), ...(email && { email: email.toLowerCase() }) };
}

function unique(people: readonly OnCallPerson[]): readonly OnCallPerson[] {
  return [...new Map(people.map((person) => [person.email ?? person.name, person])).values()];
}
